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
            problems.Add(new Problem(Severity.Error, scalar.PlaceOf(problem.Offset), problem.Message));
            return false;
        }
    }
}
