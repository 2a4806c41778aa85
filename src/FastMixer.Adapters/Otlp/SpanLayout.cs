using System.Text;
using FastMixer.Policy.Rules;

namespace FastMixer.Adapters.Otlp;

/// <summary>Where among the fields of an instance of <c>tracespan</c> what makes a span stands; −1 for what is not there. Immutable.</summary>
internal sealed class SpanLayout
{
    // Fields of the template that are attributes of the span, under the names that the mesh has for them.
    private static readonly (string Path, string Attribute)[] Known =
    [
        ("http_status_code", "http.response.status_code"), ("source_name", "source.name"), ("source_ip", "source.ip"),
        ("destination_name", "destination.name"), ("destination_ip", "destination.ip"), ("request_size", "request.size"),
        ("request_total_size", "request.total_size"), ("response_size", "response.size"), ("response_total_size", "response.total_size"),
        ("api_protocol", "api.protocol"),
    ];

    /// <summary>The layout of an instance.</summary>
    public SpanLayout(Instance instance)
    {
        TraceId = instance.IndexOf("trace_id");
        SpanId = instance.IndexOf("span_id");
        ParentSpanId = instance.IndexOf("parent_span_id");
        Name = instance.IndexOf("span_name");
        StartTime = instance.IndexOf("start_time");
        EndTime = instance.IndexOf("end_time");
        ClientSpan = instance.IndexOf("client_span");
        RewriteClientSpanId = instance.IndexOf("rewrite_client_span_id");
        HttpStatus = instance.IndexOf("http_status_code");
        IEnumerable<SpanAttribute> tags = Enumerable.Range(0, instance.Fields.Count)
            .Where(field => instance.Fields[field].Path == "span_tags")
            .Select(field => new SpanAttribute(instance.Fields[field].Utf8Name, field));

        // Names of attributes are distinct: a tag goes before a field.
        IEnumerable<SpanAttribute> others = Known
            .Where(known => instance.IndexOf(known.Path) >= 0 && instance.IndexOf("span_tags", known.Attribute) < 0)
            .Select(known => new SpanAttribute(Encoding.UTF8.GetBytes(known.Attribute), instance.IndexOf(known.Path)));
        Attributes = [.. tags, .. others];
    }

    /// <summary>The trace's id.</summary>
    public int TraceId { get; }

    /// <summary>The span's id.</summary>
    public int SpanId { get; }

    /// <summary>The id of its parent.</summary>
    public int ParentSpanId { get; }

    /// <summary>Its name.</summary>
    public int Name { get; }

    /// <summary>When it began.</summary>
    public int StartTime { get; }

    /// <summary>When it ended.</summary>
    public int EndTime { get; }

    /// <summary>Whether it is the client's.</summary>
    public int ClientSpan { get; }

    /// <summary>Whether the client's span and the server's have one id.</summary>
    public int RewriteClientSpanId { get; }

    /// <summary>The status of the response.</summary>
    public int HttpStatus { get; }

    /// <summary>What is said of it.</summary>
    public IReadOnlyList<SpanAttribute> Attributes { get; }
}

/// <summary>An attribute of a span.</summary>
/// <param name="Name">Its name, UTF-8.</param>
/// <param name="Field">The field's index.</param>
internal readonly record struct SpanAttribute(ReadOnlyMemory<byte> Name, int Field);
