using System.Reflection;
using System.Text;
using FastMixer.Protocol.Buffers;

namespace FastMixer.Adapters.Otlp;

/// <summary>
/// A request of any signal: <c>Export…ServiceRequest</c> has the same fields for all of them (opentelemetry-proto, collector/…/v1), one resource with one
/// scope, and in that the items. Reused; not thread-safe.
/// </summary>
internal sealed class ExportRequest(OtlpSettings settings) : IDisposable
{
    private const int Item = 2;

    private static readonly byte[] ScopeName = "fastmixer"u8.ToArray();

    private static readonly byte[] ScopeVersion = Encoding.UTF8.GetBytes(
        typeof(ExportRequest).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "");

    private readonly PooledBuffer _bytes = new();
    private int _resourceItems;
    private int _scopeItems;
    private int _item;

    /// <summary>How it is written to.</summary>
    public ProtobufWriter Writer => new(_bytes);

    /// <summary>Its bytes, once <see cref="End"/> was called; valid until <see cref="Begin"/> is called again.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    /// <summary>How many bytes it has.</summary>
    public int Length => _bytes.Length;

    /// <summary>Whether it has become too long.</summary>
    public bool IsTooLong => _bytes.Length > settings.MaxRequestBytes;

    /// <summary>Begins anew, with the resource and the scope.</summary>
    public void Begin()
    {
        _bytes.Reset();
        ProtobufWriter writer = Writer;
        _resourceItems = writer.Begin(1);
        int resource = writer.Begin(1);
        foreach ((string name, string value) in settings.ResourceAttributes)
        {
            AttributeWriting.WriteText(writer, 1, Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));
        }

        writer.End(resource);
        _scopeItems = writer.Begin(2);
        int scope = writer.Begin(1);
        writer.WriteBytes(1, ScopeName);
        writer.WriteBytes(2, ScopeVersion);
        writer.End(scope);
    }

    /// <summary>Begins a metric, a log record or a span.</summary>
    public void BeginItem() => _item = Writer.Begin(Item);

    /// <summary>Ends it.</summary>
    public void EndItem() => Writer.End(_item);

    /// <summary>Forgets what is written from some length on.</summary>
    public void Truncate(int length) => _bytes.Truncate(length);

    /// <summary>Ends the request.</summary>
    public void End()
    {
        Writer.End(_scopeItems);
        Writer.End(_resourceItems);
    }

    /// <inheritdoc/>
    public void Dispose() => _bytes.Dispose();
}
