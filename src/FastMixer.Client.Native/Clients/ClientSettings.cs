using System.Runtime.InteropServices;
using FastMixer.Client.Attributes;
using FastMixer.Client.Fleet;
using FastMixer.Client.Native.Boundary;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Client.Native.Clients;

/// <summary><c>fm_options</c>: the fields, in their order, are those of the header, which says what they mean. New ones come at the end.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly unsafe struct ClientSettings
{
    private readonly nuint _size;
    private readonly nint _addresses;
    private readonly nuint _addressCount;
    private readonly nint _name;
    private readonly long _timeout;
    private readonly long _cacheEntries;
    private readonly long _cacheBytes;
    private readonly long _stale;
    private readonly int _whenUnavailable;
    private readonly int _quotaPrefetch;
    private readonly nint _whenUnavailableFor;
    private readonly nuint _whenUnavailableForCount;
    private readonly nint _attributes;
    private readonly nuint _attributeCount;
    private readonly int _batchRecords;
    private readonly int _batchTime;
    private readonly long _bufferBytes;
    private readonly nint _base;
    private readonly nint _baseContext;

    /// <summary>The log's callback, or 0.</summary>
    public readonly nint Log;

    /// <summary>What it is handed.</summary>
    public readonly nint LogContext;

    private static readonly MixerClientOptions Usual = new() { Servers = new FleetOptions { Addresses = [] } };

    private ClientSettings(MixerClientOptions usual)
    {
        _size = (nuint)sizeof(ClientSettings);
        _timeout = (long)usual.Timeout.TotalMilliseconds;
        _cacheEntries = usual.CacheEntries;
        _cacheBytes = usual.CacheBytes;
        _stale = (long)usual.StaleFor.TotalMilliseconds;
        _whenUnavailable = (int)usual.WhenUnavailable;
        _quotaPrefetch = usual.Quotas.Prefetch ? 1 : 0;
        _batchRecords = usual.Reports.BatchRecords;
        _batchTime = (int)usual.Reports.BatchTime.TotalMilliseconds;
        _bufferBytes = usual.Reports.BufferBytes;
    }

    /// <summary>What a sidecar uses.</summary>
    public static ClientSettings Default => new(Usual);

    /// <summary>The options as the client takes them.</summary>
    /// <param name="setBase">Calls the callback of a base: the attributes to fill, its address, and what it is handed.</param>
    /// <exception cref="FaultException">One is wrong.</exception>
    public MixerClientOptions Read(Action<RequestAttributes, nint, nint> setBase)
    {
        (nint callback, nint context) = (_base, _baseContext);
        return new MixerClientOptions
        {
            Servers = new FleetOptions { Addresses = Addresses() },
            Name = _name == 0 ? Usual.Name : Incoming.String(_name, "fm_options.name"),
            Attributes = Definitions(),
            Base = callback == 0 ? null : attributes => setBase(attributes, callback, context),
            Timeout = Milliseconds(_timeout, "timeout_ms"),
            CacheEntries = Int32(_cacheEntries, "cache_entries"),
            CacheBytes = _cacheBytes,
            StaleFor = Milliseconds(_stale, "stale_ms"),
            WhenUnavailable = Mode(_whenUnavailable, "when_unavailable"),
            WhenUnavailableFor = Modes(),
            Quotas = Usual.Quotas with { Prefetch = _quotaPrefetch != 0 },
            Reports = Usual.Reports with
            {
                BatchRecords = _batchRecords,
                BatchTime = TimeSpan.FromMilliseconds(_batchTime),
                BufferBytes = Int32(_bufferBytes, "report_buffer_bytes"),
            },
        };
    }

    private List<string> Addresses()
    {
        var addresses = new List<string>();
        foreach (nint address in Incoming.Array<nint>(_addresses, _addressCount, "fm_options.addresses"))
        {
            addresses.Add(Incoming.String(address, $"fm_options.addresses[{addresses.Count}]"));
        }

        return addresses.Count > 0
            ? addresses
            : throw Wrong("addresses", "empty", "at least one, such as tcp://127.0.0.1:9191");
    }

    private List<AttributeDefinition> Definitions()
    {
        var definitions = new List<AttributeDefinition>();
        foreach (NamedNumber attribute in Incoming.Array<NamedNumber>(_attributes, _attributeCount, "fm_options.attributes"))
        {
            string field = $"attributes[{definitions.Count}]";
            if (attribute.Number is < (int)AttributeType.String or > (int)AttributeType.Bytes)
            {
                throw Wrong($"{field}.type", attribute.Number, "an fm_type");
            }

            definitions.Add(new(Incoming.String(attribute.Name, $"fm_options.{field}.name"), (AttributeType)attribute.Number));
        }

        return definitions;
    }

    private Dictionary<string, FailureMode> Modes()
    {
        var modes = new Dictionary<string, FailureMode>(StringComparer.Ordinal);
        foreach (NamedNumber destination in
            Incoming.Array<NamedNumber>(_whenUnavailableFor, _whenUnavailableForCount, "fm_options.when_unavailable_for"))
        {
            string service = Incoming.String(destination.Name, $"fm_options.when_unavailable_for[{modes.Count}].service");
            if (!modes.TryAdd(service, Mode(destination.Number, $"when_unavailable_for[{modes.Count}].mode")))
            {
                throw Wrong("when_unavailable_for", $"\"{service}\" twice", "each service once");
            }
        }

        return modes;
    }

    private static FailureMode Mode(int value, string field) => value is (int)FailureMode.Closed or (int)FailureMode.Open
        ? (FailureMode)value
        : throw Wrong(field, value, "FM_FAIL_CLOSED or FM_FAIL_OPEN");

    private static TimeSpan Milliseconds(long value, string field) => value >= 0 && value <= TimeSpan.MaxValue.TotalMilliseconds
        ? TimeSpan.FromMilliseconds(value)
        : throw Wrong(field, value, "milliseconds, 0 or more");

    private static int Int32(long value, string field) =>
        value is >= 0 and <= int.MaxValue ? (int)value : throw Wrong(field, value, $"0 to {int.MaxValue}");

    private static FaultException Wrong<T>(string field, T value, string expected) =>
        new(Code.InvalidArgument, $"fm_options.{field} is {value}: expected {expected}.");

    /// <summary>A name and a number: what arrays of the options hold.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct NamedNumber
    {
        public readonly nint Name;
        public readonly int Number;
    }
}
