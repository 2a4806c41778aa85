using System.Buffers.Binary;
using FastMixer.Caching;
using FastMixer.Caching.Keys;
using FastMixer.Client.Attributes;
using FastMixer.Client.Fleet;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;

namespace FastMixer.Client.Cache;

/// <summary>How a kept verdict stands.</summary>
internal enum KeptState
{
    /// <summary>There is none.</summary>
    Absent,

    /// <summary>There is one that may be used only while no server answers: its time is over, or its server has another policy by now.</summary>
    Stale,

    /// <summary>There is one, and it is time to renew it.</summary>
    Due,

    /// <summary>There is one.</summary>
    Fresh,
}

/// <summary>
/// The sidecar's cache, L1: verdicts by exactly what each depended on (protocol.md, section 3), as long and as often as their server allows, and no longer than it has
/// the policy that gave them. Beyond their time they are kept a while for when no server answers. Any thread may call any member.
/// </summary>
internal sealed class KeptVerdicts
{
    /// <summary>How many verdicts may be asked for at most: 2^24.</summary>
    public const int MostEntries = 1 << 24;

    /// <summary>How much memory may be asked for at most: 16 GiB.</summary>
    public const long MostBytes = 16L << 30;

    private const int GreatestKey = StripedCache.MaxPartBytes;
    private const int PartScale = 1024;

    // An entry is renewed at a part of its life between these: which one depends on its hash, so that entries of one moment are not renewed at one moment.
    private const uint RenewFrom = PartScale * 3 / 4;
    private const uint RenewSpan = PartScale / 5;

    [ThreadStatic]
    private static ReferenceList? ThreadReferences;

    private readonly StripedCache? _entries;
    private readonly ReferenceSetDirectory _directory;
    private readonly VerdictTexts _texts;
    private readonly Vocabulary _vocabulary;
    private readonly PolicyLedger _policies;
    private readonly TimeProvider _clock;
    private readonly long _origin;
    private readonly double _millisecondsPerTick;
    private readonly long _staleMilliseconds;
    private readonly StripedCount _hits = new();

    /// <summary>An empty cache.</summary>
    /// <param name="options">How large it is. One without room for entries learns what verdicts depend on all the same: routes are made of that.</param>
    /// <param name="vocabulary">What slots mean.</param>
    /// <param name="policies">What policies are in force.</param>
    /// <param name="clock">The clock.</param>
    public KeptVerdicts(MixerClientOptions options, Vocabulary vocabulary, PolicyLedger policies, TimeProvider clock)
    {
        int entries = options.CacheEntries;
        _entries = entries == 0 ? null : new StripedCache(new StripedCacheOptions
        {
            Entries = entries,
            Bytes = options.CacheBytes,
            ShadowEntries = Math.Min(entries, new StripedCacheOptions().ShadowEntries),
        });
        _directory = new ReferenceSetDirectory(vocabulary, options.CacheSets);
        _texts = new VerdictTexts(entries);
        _vocabulary = vocabulary;
        _policies = policies;
        _clock = clock;
        _origin = clock.GetTimestamp();
        _millisecondsPerTick = 1000.0 / clock.TimestampFrequency;
        _staleMilliseconds = (long)options.StaleFor.TotalMilliseconds;
    }

    /// <summary>Verdicts handed out again, stale ones not included.</summary>
    public long Hits => _hits.Value;

    /// <summary>Whether it keeps anything at all.</summary>
    public bool HasRoom => _entries is not null;

    private long Now => (long)((_clock.GetTimestamp() - _origin) * _millisecondsPerTick);

    /// <summary>Finds the verdict of a request. No allocation, no lock.</summary>
    /// <param name="request">The request.</param>
    /// <param name="result">The verdict, unless there is none.</param>
    public KeptState Find(RequestAttributes request, out CheckResult result)
    {
        result = default;
        KeptState best = KeptState.Absent;
        if (_entries is not { } entries)
        {
            return best;
        }

        long now = Now;
        foreach (ReferenceSet set in _directory.Walk(request.Bag))
        {
            if (!TryWriteKey(set, request, out ReadOnlySpan<byte> key))
            {
                continue;
            }

            KeptState state = Read(entries, key, now, out CheckResult found);
            if (state > best)
            {
                best = state;
                result = found;
            }

            if (state >= KeptState.Due)
            {
                _hits.Increment();
                break;
            }
        }

        return best;
    }

    /// <summary>What leads a question to a server: from the first set of references that the request fits.</summary>
    /// <param name="request">The request.</param>
    /// <returns>0 if it fits none.</returns>
    public ulong Route(RequestAttributes request)
    {
        foreach (ReferenceSet set in _directory.Walk(request.Bag))
        {
            if (TryWriteKey(set, request, out ReadOnlySpan<byte> key))
            {
                return set.Route(key);
            }
        }

        return 0;
    }

    /// <summary>Keeps a verdict, if it may be reused.</summary>
    /// <param name="request">The request that it answers.</param>
    /// <param name="served">The verdict.</param>
    /// <returns>What became of it.</returns>
    public KeepResult Keep(RequestAttributes request, in ServedVerdict served)
    {
        Verdict verdict = served.Verdict;
        if (verdict.ValidDuration <= TimeSpan.Zero || verdict.ValidUseCount == 0)
        {
            return KeepResult.NotReusable;
        }

        ReferenceList references = ThreadReferences ??= new ReferenceList();
        if (!VerdictReferences.TryRead(verdict.Referenced, _vocabulary, references))
        {
            return KeepResult.Unfit;
        }

        long configuration = _policies.Changes;
        if (!_directory.TryGet(references, configuration, out ReferenceSet? set))
        {
            return KeepResult.TooManySets;
        }

        set.Usage.CountMiss(request.Bag, configuration);
        if (!TryWriteKey(set, request, out ReadOnlySpan<byte> key))
        {
            return KeepResult.Unfit;
        }

        if (_entries is { } entries && Store(entries, served, key) == CacheStore.TooLarge)
        {
            return KeepResult.TooLarge;
        }

        _directory.Put(set, request.Bag);
        return HasRoom ? KeepResult.Kept : KeepResult.NoRoom;
    }

    private CacheStore Store(StripedCache entries, in ServedVerdict served, ReadOnlySpan<byte> key)
    {
        long now = Now;
        uint life = (uint)Math.Clamp(served.Verdict.ValidDuration.TotalMilliseconds, 1, uint.MaxValue);
        Span<byte> value = stackalloc byte[Entry.Bytes];
        new Entry(now + life, served.Verdict.Policy, served.Server, served.Verdict.Status, _texts.Add(served.Verdict)).Write(value);
        return entries.Set(StripedCache.Hash(key), key, value, now + life + _staleMilliseconds, life, served.Verdict.ValidUseCount);
    }

    private KeptState Read(StripedCache entries, ReadOnlySpan<byte> key, long now, out CheckResult result)
    {
        ulong hash = StripedCache.Hash(key);
        Span<byte> value = stackalloc byte[Entry.Bytes];
        result = default;
        if (entries.TryGet(hash, key, now, value, out CacheEntry found) != CacheLookup.Found)
        {
            return KeptState.Absent;
        }

        Entry entry = Entry.Read(value);
        if (!_texts.TryGet(entry.Text, out VerdictText? text))
        {
            return KeptState.Absent;
        }

        bool isFresh = now < entry.FreshUntil && _policies.IsCurrent(entry.Server, entry.Policy);
        result = new CheckResult(entry.Status, isFresh ? CheckOrigin.Cache : CheckOrigin.Stale, text);
        return !isFresh ? KeptState.Stale : IsDue(hash, entry.FreshUntil - now, found.Life) ? KeptState.Due : KeptState.Fresh;
    }

    private static bool IsDue(ulong hash, long left, uint life)
    {
        ulong part = RenewFrom + ((hash & (PartScale - 1)) * RenewSpan / PartScale);
        ulong age = life - (ulong)Math.Clamp(left, 0, life);
        return age * PartScale >= life * part;
    }

    private static bool TryWriteKey(ReferenceSet set, RequestAttributes request, out ReadOnlySpan<byte> key)
    {
        byte[] room = request.KeyRoom;
        KeyResult result = set.TryWriteKey(request.Bag, room, out int length);
        while (result == KeyResult.TooLong && room.Length < GreatestKey)
        {
            room = request.GrowKeyRoom(GreatestKey);
            result = set.TryWriteKey(request.Bag, room, out length);
        }

        key = room.AsSpan(0, length);
        return result == KeyResult.Written;
    }

    private readonly record struct Entry(long FreshUntil, ulong Policy, ushort Server, StatusCode Status, long Text)
    {
        public const int Bytes = 32;

        public static Entry Read(ReadOnlySpan<byte> from) => new(
            BinaryPrimitives.ReadInt64LittleEndian(from),
            BinaryPrimitives.ReadUInt64LittleEndian(from[8..]),
            BinaryPrimitives.ReadUInt16LittleEndian(from[16..]),
            (StatusCode)from[18],
            BinaryPrimitives.ReadInt64LittleEndian(from[24..]));

        public void Write(Span<byte> to)
        {
            to.Clear();
            BinaryPrimitives.WriteInt64LittleEndian(to, FreshUntil);
            BinaryPrimitives.WriteUInt64LittleEndian(to[8..], Policy);
            BinaryPrimitives.WriteUInt16LittleEndian(to[16..], Server);
            to[18] = (byte)Status;
            BinaryPrimitives.WriteInt64LittleEndian(to[24..], Text);
        }
    }
}
