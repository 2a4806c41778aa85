using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Templates;

/// <summary>The template <c>kubernetes</c>: who the pods at both ends of a request are.</summary>
public static class KubernetesTemplate
{
    /// <summary>The template's name.</summary>
    public const string Name = "kubernetes";

    /// <summary>The outputs of each end, without its name before them, in the order of the template.</summary>
    public static IReadOnlyList<string> OutputsOfAnEnd { get; } =
    [
        "pod_uid", "pod_ip", "pod_name", "labels", "namespace", "service_account_name", "host_ip", "owner", "workload_uid", "workload_name",
        "workload_namespace",
    ];

    internal static Template Create() => new(
        Name,
        Variety.AttributeGenerator,
        [
            new("source_uid", FieldShape.Typed, AttributeType.String), new("source_ip", FieldShape.Typed, AttributeType.IpAddress),
            new("destination_uid", FieldShape.Typed, AttributeType.String), new("destination_ip", FieldShape.Typed, AttributeType.IpAddress),
            new("destination_port", FieldShape.Typed, AttributeType.Int64),
        ])
    {
        Outputs =
        [
            .. OutputsOfAnEnd.Select(output => Output("source_" + output)),
            .. OutputsOfAnEnd.Select(output => Output("destination_" + output)),
            Output("destination_container_name"),
        ],
    };

    private static TemplateField Output(string name) => new(
        name,
        FieldShape.Typed,
        name.EndsWith("_ip", StringComparison.Ordinal) ? AttributeType.IpAddress
        : name.EndsWith("_labels", StringComparison.Ordinal) ? AttributeType.StringMap
        : AttributeType.String);
}
