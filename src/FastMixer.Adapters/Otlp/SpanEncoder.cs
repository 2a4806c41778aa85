using FastMixer.Engine.Reports.Delivery;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Buffers;

namespace FastMixer.Adapters.Otlp;

/// <summary>Encodes spans (opentelemetry-proto, trace/v1). A span without a valid id, or with a parent's that is not, cannot be taken.</summary>
internal sealed class SpanEncoder : IRecordEncoder, IDisposable
{
    private const int ServerKind = 2;
    private const int ClientKind = 3;
    private const int ErrorStatus = 2;
    private const int FirstServerError = 500;
    private const int FirstClientError = 400;

    private readonly PooledBuffer _text = new();

    // By name: a handler outlives the configuration that its instances came from, but not a change of them.
    private readonly Dictionary<string, SpanLayout> _layouts = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Template => "tracespan";

    /// <inheritdoc/>
    public Signal Signal => Signal.Traces;

    /// <inheritdoc/>
    public bool TryWrite(ReportRecord record, ProtobufWriter writer)
    {
        SpanLayout layout = LayoutOf(record.Instance);
        EncodedFields fields = record.Fields;
        bool isClient = fields.GetBool(layout.ClientSpan);
        if (!TryWriteIds(fields, layout, isClient, writer))
        {
            return false;
        }

        writer.WriteBytes(5, layout.Name < 0 ? default : fields.GetBytes(layout.Name));
        writer.WriteVarint(6, isClient ? ClientKind : ServerKind);
        writer.WriteFixed64(7, Math.Max(0, fields.GetInt64(layout.StartTime)));
        writer.WriteFixed64(8, Math.Max(0, fields.GetInt64(layout.EndTime)));
        for (int i = 0; i < layout.Attributes.Count; i++)
        {
            SpanAttribute attribute = layout.Attributes[i];
            AttributeWriting.Write(writer, 9, attribute.Name.Span, fields, attribute.Field, _text);
        }

        // By the semantic conventions of HTTP what the client got wrong is no error of the server's span.
        if (fields.GetInt64(layout.HttpStatus) >= (isClient ? FirstClientError : FirstServerError))
        {
            int status = writer.Begin(15);
            writer.WriteVarint(3, ErrorStatus);
            writer.End(status);
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _text.Dispose();

    private static bool TryWriteIds(EncodedFields fields, SpanLayout layout, bool isClient, ProtobufWriter writer)
    {
        Span<byte> trace = stackalloc byte[TraceId.TraceBytes];
        Span<byte> span = stackalloc byte[TraceId.SpanBytes];
        Span<byte> parent = stackalloc byte[TraceId.SpanBytes];
        ReadOnlySpan<byte> parentText = layout.ParentSpanId < 0 ? default : fields.GetBytes(layout.ParentSpanId);
        bool hasParent = !parentText.IsEmpty;
        if (!TraceId.TryRead(fields.GetBytes(layout.TraceId), trace)
            || !TraceId.TryRead(fields.GetBytes(layout.SpanId), span)
            || (hasParent && !TraceId.TryRead(parentText, parent)))
        {
            return false;
        }

        if (fields.GetBool(layout.RewriteClientSpanId))
        {
            hasParent |= !isClient;
            span.CopyTo(isClient ? span : parent);
            TraceId.Derive(isClient ? span : parent);
        }

        writer.WriteBytes(1, trace);
        writer.WriteBytes(2, span);
        if (hasParent)
        {
            writer.WriteBytes(4, parent);
        }

        return true;
    }

    private SpanLayout LayoutOf(Instance instance)
    {
        if (!_layouts.TryGetValue(instance.FullName, out SpanLayout? layout))
        {
            layout = new SpanLayout(instance);
            _layouts.Add(instance.FullName, layout);
        }

        return layout;
    }
}
