using FastMixer.Policy.Language;
using FastMixer.Policy.Language.Compilation;

namespace FastMixer.Policy.Config;

/// <summary>Compiles expressions that stand in a configuration, with problems at their place in the file.</summary>
internal static class ExpressionText
{
    /// <summary>Compiles.</summary>
    /// <returns>False if there is a problem, which is then noted.</returns>
    public static bool TryCompile(Compiler compiler, ScalarNode scalar, ICollection<Problem> problems, out TypedNode compiled)
    {
        try
        {
            compiled = compiler.Compile(scalar.Text);
            return true;
        }
        catch (LanguageException exception)
        {
            LanguageProblem problem = exception.Problem;
            compiled = default;

            // A text of one line stands in the file as it is; of a folded one only the beginning is known.
            bool isOneLine = !scalar.Text.Contains('\n', StringComparison.Ordinal);
            Place place = isOneLine ? scalar.Place with { Column = scalar.Place.Column + scalar.Offset + problem.Offset } : scalar.Place;
            problems.Add(new Problem(Severity.Error, place, problem.Message));
            return false;
        }
    }
}
