using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Engine.Reports.Metrics;

/// <summary>What an instance of <c>metric</c> must be like to be summed up; for <see cref="AdapterDescriptor.CheckInstance"/>.</summary>
public static class MetricInstance
{
    /// <summary>What is wrong with an instance; null if nothing is.</summary>
    /// <param name="instance">An instance of <c>metric</c>.</param>
    public static string? Problem(Instance instance)
    {
        int value = instance.IndexOf("value");
        AttributeType type = value < 0 ? AttributeType.Int64 : instance.Fields[value].Type;
        return type is AttributeType.Int64 or AttributeType.Double or AttributeType.Duration || type.IsText()
            ? null
            : $"\"value\" of the metric \"{instance.FullName}\": expected INT64, DOUBLE, DURATION, or text that is a number, found {type.Name()}.";
    }
}
