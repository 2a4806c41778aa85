using FastMixer.Policy.Rules;

namespace FastMixer.Engine.Reports.Delivery;

/// <summary>One instance of one record, as an adapter reads it: <c>record.Fields.GetInt64(record.Instance.IndexOf("severity"))</c>. A view into its batch.</summary>
public readonly ref struct ReportRecord
{
    internal ReportRecord(Instance instance, ReadOnlySpan<byte> encoded)
    {
        Instance = instance;
        Fields = new EncodedFields(instance.AllFields, encoded);
    }

    /// <summary>
    /// Which instance it is. A handler that goes on when the configuration is replaced meets another object with the same name and fields: what is
    /// remembered of an instance is best found by <see cref="Instance.FullName"/>.
    /// </summary>
    public Instance Instance { get; }

    /// <summary>Its values, by the index of the field in <see cref="Instance.Fields"/>.</summary>
    public EncodedFields Fields { get; }
}
