using System.Globalization;
using System.Net;
using System.Text;
using FastMixer.Policy.Language;
using FastMixer.Policy.Language.Compilation;
using FastMixer.Policy.Language.Evaluation;
using FastMixer.Policy.Language.References;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Tests.Support;

/// <summary>What an expression comes to, as text that tests compare: a value, <c>error: …</c>, or <c>no expression, column n: …</c>.</summary>
/// <param name="Text">The value or what is wrong.</param>
/// <param name="References">The look-ups: <c>source.name</c>, <c>request.headers["a"]</c>, and <c>no …</c> for what was absent.</param>
internal sealed record Evaluated(string Text, IReadOnlyList<string> References)
{
    /// <summary>The type of the expression's values; none if it is no expression.</summary>
    public AttributeType Type { get; init; }

    public static Evaluated Of(string expression, AttributeBag? attributes = null)
    {
        attributes ??= Attributes.Empty;
        var table = new ReferenceTable(attributes.Selection.Vocabulary);
        TypedNode node;
        try
        {
            node = new Compiler(table).Compile(expression);
        }
        catch (LanguageException exception)
        {
            return new Evaluated($"no expression, column {exception.Problem.Offset + 1}: {exception.Problem.Message}", []);
        }

        using var context = new EvaluationContext();
        context.Reset(attributes, table);
        string? value = Value(node, context);
        return new Evaluated(value ?? "error: " + context.Error.Describe(table.Vocabulary), Lookups(context.References)) { Type = node.Type };
    }

    public static IReadOnlyList<string> Lookups(ReferenceRecorder recorder)
    {
        var lookups = new List<string>();
        foreach (Reference reference in recorder)
        {
            string name = recorder.Table!.Vocabulary[reference.Slot].Name;
            string key = reference.HasKey ? $"[{Quote(Encoding.UTF8.GetString(reference.Key))}]" : "";
            lookups.Add((reference.Present ? "" : "no ") + name + key);
        }

        return [.. lookups.Order(StringComparer.Ordinal)];
    }

    public static string Quote(string text) => "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal) + "\"";

    private static string? Value(TypedNode node, EvaluationContext context)
    {
        switch (node.Type)
        {
            case AttributeType.Bool:
                return node.Bool.TryEvaluate(context, out bool flag) ? (flag ? "true" : "false") : null;
            case AttributeType.Double:
                return node.Double.TryEvaluate(context, out double number) ? Format(number) : null;
            case AttributeType.Int64:
                return node.Int64.TryEvaluate(context, out long integer) ? integer.ToString(CultureInfo.InvariantCulture) : null;
            case AttributeType.Duration:
                return node.Int64.TryEvaluate(context, out long span) ? DurationText.Format(span) : null;
            case AttributeType.Timestamp:
                return node.Int64.TryEvaluate(context, out long moment) ? TimestampText.Format(moment) : null;
            case AttributeType.StringMap:
                return node.Map.TryEvaluate(context, out MapValue map) ? $"map of {(map.Slot < 0 ? 0 : context.Attributes.MapCount(map.Slot))}" : null;
            case AttributeType.IpAddress:
                return node.Bytes.TryEvaluate(context, out ReadOnlySpan<byte> address) ? new IPAddress(address).ToString() : null;
            default:
                return node.Bytes.TryEvaluate(context, out ReadOnlySpan<byte> text) ? Quote(Encoding.UTF8.GetString(text)) : null;
        }
    }

    public static string Format(double number)
    {
        string text = number.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAny('.', 'E', 'N') || text.Contains("Inf", StringComparison.Ordinal) ? text : text + ".0";
    }
}
