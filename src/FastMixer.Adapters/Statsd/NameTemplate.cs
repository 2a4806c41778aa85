using System.Text;

namespace FastMixer.Adapters.Statsd;

/// <summary>The name of a metric, with dimensions in it: <c>{{.destination}}.{{.code}}</c>. Immutable.</summary>
internal sealed class NameTemplate
{
    private NameTemplate(IReadOnlyList<NamePart> parts) => Parts = parts;

    /// <summary>What the name is made of.</summary>
    public IReadOnlyList<NamePart> Parts { get; }

    /// <summary>The dimensions in it.</summary>
    public IEnumerable<string> Dimensions => Parts.Select(part => part.Dimension).OfType<string>();

    /// <summary>A name without dimensions.</summary>
    /// <param name="name">The name.</param>
    public static NameTemplate Constant(string name) => new([Text(name)]);

    /// <summary>Reads a template.</summary>
    /// <param name="prefix">What stands before it, as it is.</param>
    /// <param name="template">The template.</param>
    /// <param name="problem">What is wrong with it, or null.</param>
    public static NameTemplate Parse(string prefix, string template, out string? problem)
    {
        problem = null;
        List<NamePart> parts = [Text(prefix)];
        string rest = template;
        while (rest.IndexOf("{{", StringComparison.Ordinal) is var open && open >= 0)
        {
            int close = rest.IndexOf("}}", open, StringComparison.Ordinal);
            string inner = close < 0 ? "" : rest[(open + 2)..close].Trim();
            if (inner is not ['.', _, ..] || !inner.Skip(1).All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-'))
            {
                problem = $"only dimensions may stand in braces, each as {{{{.name}}}}: wrong at \"{rest[open..]}\".";
                break;
            }

            parts.Add(Text(rest[..open]));
            parts.Add(new NamePart(default, inner[1..]));
            rest = rest[(close + 2)..];
        }

        parts.Add(Text(rest));
        return new NameTemplate([.. parts.Where(part => part.Dimension is not null || part.Text.Length > 0)]);
    }

    private static NamePart Text(string text) => new(Encoding.UTF8.GetBytes(StatsdText.CleanName(text)), null);
}

/// <summary>A part of a name.</summary>
/// <param name="Text">UTF-8, of a part that is always the same.</param>
/// <param name="Dimension">The dimension whose value it is, or null.</param>
internal readonly record struct NamePart(ReadOnlyMemory<byte> Text, string? Dimension);
