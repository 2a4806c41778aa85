using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Templates;

/// <summary>What a template is for.</summary>
public enum Variety
{
    /// <summary>Checks.</summary>
    Check,

    /// <summary>Quotas, taken by checks.</summary>
    Quota,

    /// <summary>Reports.</summary>
    Report,

    /// <summary>Attributes that are added to a request before its rules are looked for.</summary>
    AttributeGenerator,
}

/// <summary>How many values a field of a template has, and of what type.</summary>
public enum FieldShape
{
    /// <summary>One value of the field's type.</summary>
    Typed,

    /// <summary>One value of any type.</summary>
    Any,

    /// <summary>Any number of named values of any type.</summary>
    Map,
}

/// <summary>A field of a template.</summary>
/// <param name="Path">Its name; dotted for a field of a nested message, such as <c>subject.user</c>.</param>
/// <param name="Shape">How many values it has.</param>
/// <param name="Type">Their type, where the shape fixes it.</param>
public sealed record TemplateField(string Path, FieldShape Shape, AttributeType Type = AttributeType.Unspecified);

/// <summary>The shape of data that adapters take (mixer's templates). Immutable.</summary>
/// <param name="Name">Its name, and the kind of its legacy instances.</param>
/// <param name="Variety">What it is for.</param>
/// <param name="Fields">Its fields.</param>
public sealed record Template(string Name, Variety Variety, IReadOnlyList<TemplateField> Fields)
{
    private const AttributeType Text = AttributeType.String;

    /// <summary>What handlers of an attribute generator's template give: fields that <c>attributeBindings</c> know as <c>$out.field</c>.</summary>
    public IReadOnlyList<TemplateField> Outputs { get; init; } = [];

    /// <summary>All templates.</summary>
    public static IReadOnlyList<Template> All { get; } =
    [
        new("checknothing", Variety.Check, []),
        new("listentry", Variety.Check, [new("value", FieldShape.Any)]),
        new(
            "authorization",
            Variety.Check,
            [
                .. Typed(Text, "subject.user", "subject.groups"), new("subject.properties", FieldShape.Map),
                .. Typed(Text, "action.namespace", "action.service", "action.method", "action.path"), new("action.properties", FieldShape.Map),
            ]),
        new(
            "apikey",
            Variety.Check,
            [.. Typed(Text, "api", "api_version", "api_operation", "api_key"), .. Typed(AttributeType.Timestamp, "timestamp")]),
        new("quota", Variety.Quota, [new("dimensions", FieldShape.Map)]),
        new("reportnothing", Variety.Report, []),
        new(
            "logentry",
            Variety.Report,
            [
                new("variables", FieldShape.Map), .. Typed(AttributeType.Timestamp, "timestamp"),
                .. Typed(Text, "severity", "monitored_resource_type"), new("monitored_resource_dimensions", FieldShape.Map),
            ]),
        new(
            "metric",
            Variety.Report,
            [
                new("value", FieldShape.Any), new("dimensions", FieldShape.Map), .. Typed(Text, "monitored_resource_type"),
                new("monitored_resource_dimensions", FieldShape.Map),
            ]),
        new(
            "tracespan",
            Variety.Report,
            [
                .. Typed(Text, "trace_id", "span_id", "parent_span_id", "span_name"),
                .. Typed(AttributeType.Timestamp, "start_time", "end_time"), new("span_tags", FieldShape.Map),
                .. Typed(AttributeType.Int64, "http_status_code"), .. Typed(AttributeType.Bool, "client_span", "rewrite_client_span_id"),
                .. Typed(Text, "source_name"), .. Typed(AttributeType.IpAddress, "source_ip"),
                .. Typed(Text, "destination_name"), .. Typed(AttributeType.IpAddress, "destination_ip"),
                .. Typed(AttributeType.Int64, "request_size", "request_total_size", "response_size", "response_total_size"),
                .. Typed(Text, "api_protocol"),
            ]),
        new(
            "edge",
            Variety.Report,
            [
                .. Typed(AttributeType.Timestamp, "timestamp"),
                .. Typed(
                    Text,
                    "source_workload_namespace", "source_workload_name", "source_owner", "source_uid", "destination_workload_namespace",
                    "destination_workload_name", "destination_owner", "destination_uid", "destination_service_namespace",
                    "destination_service_name", "context_protocol", "api_protocol"),
            ]),
        KubernetesTemplate.Create(),
    ];

    /// <summary>Finds a template by its name.</summary>
    /// <param name="name">The name.</param>
    public static Template? Find(string name) => All.FirstOrDefault(template => template.Name == name);

    private static IEnumerable<TemplateField> Typed(AttributeType type, params string[] paths) =>
        paths.Select(path => new TemplateField(path, FieldShape.Typed, type));
}
