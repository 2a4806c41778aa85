using FastMixer.Policy.Rules;

namespace FastMixer.Adapters.Fluentd;

/// <summary>Where among an instance's fields what makes an entry stands. Immutable.</summary>
internal sealed class EntryLayout
{
    /// <summary>The variable that is the entry's tag, and no part of its record.</summary>
    public const string TagVariable = "tag";

    // The field of the record that has the entry's severity, whether or not there is a variable of that name.
    private const string SeverityVariable = "severity";

    /// <summary>The layout of an instance.</summary>
    public EntryLayout(Instance instance)
    {
        Tag = instance.IndexOf("variables", TagVariable);
        Severity = instance.IndexOf("severity");
        Timestamp = instance.IndexOf("timestamp");
        Variables =
        [
            .. Enumerable.Range(0, instance.Fields.Count).Where(
                field => instance.Fields[field] is { Path: "variables", Key: not TagVariable and not SeverityVariable }),
        ];
    }

    /// <summary>The field of the tag, or −1.</summary>
    public int Tag { get; }

    /// <summary>The field of the severity, or −1.</summary>
    public int Severity { get; }

    /// <summary>The field of the time, or −1.</summary>
    public int Timestamp { get; }

    /// <summary>The fields of the other variables.</summary>
    public IReadOnlyList<int> Variables { get; }
}
