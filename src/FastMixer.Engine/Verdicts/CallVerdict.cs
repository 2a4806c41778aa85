using FastMixer.Caching;
using FastMixer.Caching.Keys;
using FastMixer.Protocol.Buffers;
using FastMixer.Protocol.Messages;

namespace FastMixer.Engine.Verdicts;

/// <summary>What one call has to do with the cache: the key at hand, the verdict that was found, or why none was. Belongs to the call; no allocation once grown.</summary>
internal sealed class CallVerdict : IDisposable
{
    // Most keys and verdicts are far shorter.
    private const int UsualBytes = 512;

    private readonly PooledBuffer _key = new();
    private readonly PooledBuffer _value = new();
    private int _directiveOffset;
    private int _valueLength;

    /// <summary>The set of the verdict that was found; null if none was, or the answer's references are the recorder's.</summary>
    public ReferenceSet? Set { get; set; }

    /// <summary>The set that the call's own verdict was kept by; null if it was not.</summary>
    public ReferenceSet? KeptBy { get; set; }

    /// <summary>Whether a verdict was found.</summary>
    public bool IsFound { get; private set; }

    /// <summary>The status of the verdict that was found.</summary>
    public StatusCode Status { get; private set; }

    /// <summary>The directive of the verdict that was found, as the answer has it; empty for none.</summary>
    public ReadOnlySpan<byte> Directive => _value.GetSpan()[_directiveOffset.._valueLength];

    /// <summary>Why none was found.</summary>
    public MissReason Miss { get; set; }

    /// <summary>What the verdict that is being found depends on in the configuration.</summary>
    public UInt128 Fingerprint { get; set; }

    /// <summary>Whether the verdict that was found is to be renewed.</summary>
    public bool IsDue { get; set; }

    /// <summary>The hash of the key of the verdict that was found.</summary>
    public ulong Hash { get; set; }

    /// <summary>When the verdict was found, and how long it lives, in milliseconds of the cache's clock.</summary>
    public (long Now, uint Life) Time { get; set; }

    /// <summary>Room to gather look-ups in.</summary>
    public ReferenceList References { get; } = new();

    /// <summary>Prepares for a request.</summary>
    public void Reset()
    {
        Release();
        IsFound = false;
        IsDue = false;
        Miss = MissReason.New;
        _directiveOffset = 0;
        _valueLength = 0;
    }

    /// <summary>Lets go of what belongs to a configuration.</summary>
    public void Release()
    {
        Set = null;
        KeptBy = null;
    }

    /// <summary>Room for a value of some length.</summary>
    public Span<byte> ValueRoom(int length = UsualBytes) => _value.GetSpan(length);

    /// <summary>Takes what has been read into the room for values as the verdict of the call.</summary>
    public void Take(ReferenceSet set, in VerdictEntry verdict, int length)
    {
        Set = set;
        IsFound = true;
        Status = verdict.Status;
        _directiveOffset = verdict.DirectiveOffset;
        _valueLength = length;
    }

    /// <summary>Writes the key of a request.</summary>
    /// <param name="set">What it is made of.</param>
    /// <param name="bag">The request.</param>
    /// <param name="key">The key, valid until the next one.</param>
    /// <returns>Whether there is one that the cache takes.</returns>
    public KeyResult TryWriteKey(ReferenceSet set, Protocol.Attributes.AttributeBag bag, out ReadOnlySpan<byte> key)
    {
        Span<byte> room = _key.GetSpan(UsualBytes);
        KeyResult result = set.TryWriteKey(bag, room, out int length);
        if (result == KeyResult.TooLong && room.Length < StripedCache.MaxPartBytes)
        {
            room = _key.GetSpan(StripedCache.MaxPartBytes);
            result = set.TryWriteKey(bag, room[..StripedCache.MaxPartBytes], out length);
        }

        key = room[..length];
        return result;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _key.Dispose();
        _value.Dispose();
    }
}
