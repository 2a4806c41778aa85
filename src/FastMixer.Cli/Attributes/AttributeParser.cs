using FastMixer.Protocol.Attributes;

namespace FastMixer.Cli.Attributes;

/// <summary>Reads <c>-a NAME=VALUE</c> and <c>-a NAME[KEY]=VALUE</c>. The first <c>=</c> ends the name; a key may hold one.</summary>
internal static class AttributeParser
{
    private const string Shape = "expected NAME=VALUE, such as request.method=GET, or NAME[KEY]=VALUE for one entry of a STRING_MAP";

    /// <summary>Adds the attributes of a command line; a later one replaces an earlier one, and what is there already.</summary>
    /// <param name="assignments">The values of <c>-a</c>.</param>
    /// <param name="attributes">Where to.</param>
    /// <param name="findings">Takes what is wrong.</param>
    public static void Apply(IEnumerable<string> assignments, AttributeSet attributes, Findings findings)
    {
        foreach (string assignment in assignments)
        {
            if (!TryApply(assignment, attributes, findings, out string? problem))
            {
                findings.AddProblem($"-a {assignment}: {problem}");
            }
        }
    }

    private static bool TryApply(string assignment, AttributeSet attributes, Findings findings, out string? problem)
    {
        if (!TrySplit(assignment, out string nameText, out string? key, out string text))
        {
            problem = Shape;
            return false;
        }

        if (!AttributeName.TryParse(nameText, findings.Vocabulary, out AttributeName name, out problem))
        {
            return false;
        }

        AttributeType type = name.Type ?? (key is null ? AttributeType.String : AttributeType.StringMap);
        if (key is not null)
        {
            if (type != AttributeType.StringMap)
            {
                problem = $"{name.Name} is no STRING_MAP but {type.Name()}; expected {name.Name}=VALUE";
                return false;
            }

            attributes.SetEntry(name.Name, key, text);
        }
        else if (AttributeText.TryParse(type, text, out AttributeValue value, out string expected))
        {
            attributes.Set(name.Name, value);
        }
        else
        {
            problem = AttributeText.Problem(name.Name, type, expected, $"'{text}'");
            return false;
        }

        if (name.Type is null)
        {
            findings.AddWarning(name.UnknownWarning(type, findings.Vocabulary));
        }

        return true;
    }

    private static bool TrySplit(string assignment, out string name, out string? key, out string value)
    {
        (name, key, value) = ("", null, "");
        int equals = assignment.IndexOf('=', StringComparison.Ordinal);
        int bracket = assignment.IndexOf('[', StringComparison.Ordinal);
        if (bracket >= 0 && bracket < equals)
        {
            int end = assignment.IndexOf("]=", bracket, StringComparison.Ordinal);
            if (end < 0)
            {
                return false;
            }

            (name, key, value) = (assignment[..bracket], assignment[(bracket + 1)..end], assignment[(end + 2)..]);
            return name.Length > 0;
        }

        if (equals <= 0)
        {
            return false;
        }

        (name, value) = (assignment[..equals], assignment[(equals + 1)..]);
        return true;
    }
}
