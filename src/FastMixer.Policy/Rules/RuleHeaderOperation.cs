using System.Text;
using FastMixer.Policy.Language.Evaluation;
using FastMixer.Protocol.Messages;

namespace FastMixer.Policy.Rules;

/// <summary>A change of a header that a rule makes where the request is allowed. Immutable.</summary>
public sealed class RuleHeaderOperation
{
    private readonly Node<ReadOnlySpan<byte>>? _value;

    /// <summary>An operation.</summary>
    /// <param name="kind">What is done.</param>
    /// <param name="isRequest">Whether to the request; else to the response.</param>
    /// <param name="name">The header, as <see cref="HeaderSyntax"/> allows.</param>
    /// <param name="text">The expression for the value, as the operator wrote it; empty where the header is removed.</param>
    /// <param name="value">What computes the value; null where the header is removed.</param>
    internal RuleHeaderOperation(HeaderOperationKind kind, bool isRequest, string name, string text, Node<ReadOnlySpan<byte>>? value)
    {
        Text = text;
        Kind = kind;
        IsRequest = isRequest;
        Name = name;
        Utf8Name = Encoding.UTF8.GetBytes(name);
        IsPseudo = HeaderSyntax.IsPseudoName(Utf8Name.Span);
        _value = value;
    }

    /// <summary>What is done.</summary>
    public HeaderOperationKind Kind { get; }

    /// <summary>Whether to the request; else to the response.</summary>
    public bool IsRequest { get; }

    /// <summary>The header's name as the configuration has it.</summary>
    public string Name { get; }

    /// <summary>The expression for the value, as the operator wrote it; empty where the header is removed.</summary>
    public string Text { get; }

    /// <summary>The name in UTF-8.</summary>
    public ReadOnlyMemory<byte> Utf8Name { get; }

    private bool IsPseudo { get; }

    /// <summary>Evaluates the value. No allocation.</summary>
    /// <param name="context">The request's; takes the look-ups.</param>
    /// <param name="value">The value, valid as long as the context's attributes and scratch; empty where the header is removed.</param>
    /// <returns>False where there is no value that the header may have: after an error, if it is empty, or if it could break out of the header.</returns>
    public bool TryEvaluate(EvaluationContext context, out ReadOnlySpan<byte> value)
    {
        value = default;
        return _value is null || (_value.TryEvaluate(context, out value) && IsLegal(value, IsPseudo));
    }

    /// <summary>Whether the header may have a value.</summary>
    /// <param name="value">The value, UTF-8.</param>
    /// <param name="isPseudo">Whether the header is a pseudo-header.</param>
    internal static bool IsLegal(ReadOnlySpan<byte> value, bool isPseudo) =>
        !value.IsEmpty && (isPseudo ? HeaderSyntax.IsPseudoValue(value) : HeaderSyntax.IsValue(value));
}
