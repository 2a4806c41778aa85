using FastMixer.Policy.Language.Explanation;

namespace FastMixer.Cli.Explaining;

/// <summary>How far an expression came that has no value.</summary>
internal enum EvaluationStage
{
    /// <summary>It does not compile.</summary>
    Compile,

    /// <summary>It compiles, and its evaluation ended with an error.</summary>
    Evaluate,
}

/// <summary>What an expression came to.</summary>
internal sealed record Evaluated
{
    /// <summary>Its value, or null.</summary>
    public ExpressionValue? Value { get; init; }

    /// <summary>What was looked up for the value.</summary>
    public IReadOnlyList<LookedUp> Referenced { get; init; } = [];

    /// <summary>Where it failed, or null.</summary>
    public EvaluationStage? Stage { get; private init; }

    /// <summary>Why it failed.</summary>
    public string Error { get; private init; } = "";

    /// <summary>The text that failed.</summary>
    public string Expression { get; private init; } = "";

    /// <summary>The line of the part that failed, from 1.</summary>
    public int Line { get; private init; }

    /// <summary>Its column in that line, from 1.</summary>
    public int Column { get; private init; }

    /// <summary>An expression without a value.</summary>
    /// <param name="stage">How far it came.</param>
    /// <param name="error">What is wrong.</param>
    /// <param name="expression">The whole text.</param>
    /// <param name="offset">Where in it, in characters from 0.</param>
    public static Evaluated Failed(EvaluationStage stage, string error, string expression, int offset)
    {
        string before = expression[..Math.Clamp(offset, 0, expression.Length)];
        int line = before.Count(character => character == '\n');
        return new Evaluated
        {
            Stage = stage,
            Error = error,
            Expression = expression,
            Line = line + 1,
            Column = before.Length - (before.LastIndexOf('\n') + 1) + 1,
        };
    }
}
