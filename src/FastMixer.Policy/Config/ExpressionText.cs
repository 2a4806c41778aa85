using System.Diagnostics.CodeAnalysis;
using FastMixer.Policy.Language;
using FastMixer.Policy.Language.Compilation;
using FastMixer.Policy.Rules;
using FastMixer.Policy.Rules.Index;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Config;

/// <summary>Compiles expressions that stand in a configuration, with problems at their place in the file.</summary>
internal static class ExpressionText
{
    /// <summary>Compiles.</summary>
    /// <param name="compiler">The snapshot's.</param>
    /// <param name="scalar">The expression.</param>
    /// <param name="problems">Takes what is wrong.</param>
    /// <param name="compiled">What it is compiled to.</param>
    /// <param name="wanted">The type that is wanted, if there is one: the expression may still come out as another.</param>
    /// <returns>False if there is a problem, which is then noted.</returns>
    public static bool TryCompile(
        Compiler compiler,
        ScalarNode scalar,
        ICollection<Problem> problems,
        out TypedNode compiled,
        AttributeType wanted = AttributeType.Unspecified)
    {
        try
        {
            compiled = compiler.Compile(scalar.Text, wanted);
            return true;
        }
        catch (LanguageException exception)
        {
            compiled = default;
            problems.Add(ProblemOf(scalar, exception));
            return false;
        }
    }

    /// <summary>Compiles a match.</summary>
    /// <returns>False if there is a problem, which is then noted.</returns>
    public static bool TryCompileMatch(
        MatchCompiler compiler, ScalarNode scalar, ICollection<Problem> problems, [NotNullWhen(true)] out Predicate? predicate)
    {
        try
        {
            predicate = compiler.Compile(scalar.Text, out TypedNode whole);
            if (predicate is null)
            {
                problems.Add(new Problem(Severity.Error, scalar.PlaceOf(0), $"\"match\": expected BOOL, found {whole.Type.Name()}."));
            }
        }
        catch (LanguageException exception)
        {
            predicate = null;
            problems.Add(ProblemOf(scalar, exception));
        }

        return predicate is not null;
    }

    private static Problem ProblemOf(ScalarNode scalar, LanguageException exception)
    {
        (int offset, string message) = exception.Problem;
        bool isText = !scalar.IsPlain && message == $"Unknown attribute \"{scalar.Text}\".";
        string hint = isText ? $" A text needs quotes of its own within those of YAML: '\"{scalar.Text}\"'." : "";
        return new Problem(Severity.Error, scalar.PlaceOf(offset), message + hint);
    }
}
