using System.Runtime.CompilerServices;
using FastMixer.Caching;
using FastMixer.Caching.Keys;
using FastMixer.Engine.Checks;
using FastMixer.Policy.Language.References;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Wire;

namespace FastMixer.Engine.Verdicts;

/// <summary>
/// Keeps the verdicts of checks, and finds them again for requests that agree in all that they depended on. Quotas are no part of what is kept. Each entry
/// belongs to the exact set of its references, its key is compared whole, and it is stamped with what it depended on in the configuration; so a verdict is
/// never handed out that evaluating the request would not have given at some moment since it was kept. Any thread may call any member.
/// </summary>
internal sealed class VerdictCache
{
    // So that sets which share a row come to stand in the order of their use without a write at every hit.
    private const int PutOneIn = 16;

    private const int LeastValueRoom = 512;
    private const int GreatestValueRoom = 64 * 1024;
    private const int PartScale = 1024;

    private readonly StripedCache _entries;
    private readonly VerdictCacheOptions _options;
    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly uint _renewFrom;
    private readonly uint _renewSpan;
    private long _lastNumber;

    /// <summary>An empty cache.</summary>
    /// <param name="options">How large it is.</param>
    /// <param name="time">The time to go by.</param>
    public VerdictCache(VerdictCacheOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _origin = time.GetTimestamp();
        _entries = new StripedCache(options.ToStripedCache());
        _renewFrom = (uint)(options.RenewFrom * PartScale);
        _renewSpan = (uint)(Math.Max(0, options.RenewTo - options.RenewFrom) * PartScale);
    }

    /// <summary>What it did.</summary>
    public VerdictCounters Counters { get; } = new();

    /// <summary>How large it is.</summary>
    public VerdictCacheOptions Options => _options;

    /// <summary>What the entries did.</summary>
    public CacheCounts EntryCounts => _entries.Counts;

    /// <summary>What caches of other sizes would answer.</summary>
    public CacheEstimate Estimate => _entries.Estimate;

    /// <summary>The memory that it has allocated for entries.</summary>
    public long AllocatedBytes => _entries.AllocatedBytes;

    /// <summary>Milliseconds on a clock of its own that only goes forward.</summary>
    public long Now => (long)_time.GetElapsedTime(_origin).TotalMilliseconds;

    /// <summary>Prepares for a configuration that is about to come into force.</summary>
    /// <param name="policy">The configuration.</param>
    /// <param name="before">What is known of the one in force; null for the first.</param>
    public SnapshotVerdicts Adopt(Policy.Rules.Snapshot policy, SnapshotVerdicts? before) => new(
        Interlocked.Increment(ref _lastNumber),
        before is not null && before.Directory.IsOf(policy.Vocabulary) ? before.Directory : new ReferenceSetDirectory(policy.Vocabulary, _options.Sets),
        policy.Generators.Any ? CheckFingerprint.Of(policy) : null);

    /// <summary>Finds the verdict of a request that has been read. No allocation once the call has grown, no lock.</summary>
    /// <param name="call">The call, started; has the verdict then, all but its quotas. Else it is as if just started, and has the reason.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryFind(CheckCall call)
    {
        ReferenceSetDirectory directory = call.Snapshot.Verdicts!.Directory;
        AttributeBag bag = call.Request.Attributes;
        CallVerdict kept = call.Kept;
        long now = Now;
        int tried = 0;
        foreach (ReferenceSet set in directory.Walk(bag))
        {
            if (kept.TryWriteKey(set, bag, out ReadOnlySpan<byte> key) != KeyResult.Written)
            {
                continue;
            }

            ulong hash = Hash(key);
            CacheLookup found = Read(hash, key, now, kept, out CacheEntry entry);
            if (found == CacheLookup.Found && TryUse(call, set, hash, key, now, entry))
            {
                if (tried > 0 && now % PutOneIn == 0)
                {
                    directory.Put(set, bag);
                }

                return true;
            }

            tried++;
            kept.Miss = Worse(kept.Miss, found);
        }

        return false;
    }

    /// <summary>Keeps the verdict that a call has come to, if it may be reused, and counts the miss. No allocation but for a new set.</summary>
    /// <param name="call">The call: answered, but for quotas.</param>
    /// <returns>Whether it is kept.</returns>
    public bool Keep(CheckCall call)
    {
        CacheStore? stored = TryKeep(call);
        MissReason reason = stored switch
        {
            null or CacheStore.TooLarge => MissReason.Uncacheable,
            CacheStore.Returned when call.Kept.Miss == MissReason.New => MissReason.Evicted,
            _ => call.Kept.Miss,
        };
        if (!call.IsRenewal)
        {
            Counters.CountMiss(reason);
        }

        return reason != MissReason.Uncacheable;
    }

    /// <summary>Forgets the verdict of a request that another set has.</summary>
    /// <param name="call">The call.</param>
    /// <param name="set">The set.</param>
    public void Forget(CheckCall call, ReferenceSet set)
    {
        if (call.Kept.TryWriteKey(set, call.Request.Attributes, out ReadOnlySpan<byte> key) == KeyResult.Written)
        {
            _entries.Remove(Hash(key), key);
        }
    }

    private ulong Hash(ReadOnlySpan<byte> key) => StripedCache.Hash(key) & _options.HashMask;

    private CacheLookup Read(ulong hash, ReadOnlySpan<byte> key, long now, CallVerdict kept, out CacheEntry entry)
    {
        CacheLookup found = _entries.TryGet(hash, key, now, kept.ValueRoom(), out entry);

        // Another verdict, longer again, may come between; once is enough for all but that.
        return found == CacheLookup.TooLong ? _entries.TryGet(hash, key, now, kept.ValueRoom(entry.Length), out entry) : found;
    }

    private bool TryUse(CheckCall call, ReferenceSet set, ulong hash, ReadOnlySpan<byte> key, long now, in CacheEntry entry)
    {
        var verdict = new VerdictEntry(call.Kept.ValueRoom(entry.Length)[..entry.Length]);
        if (verdict.Number != call.Snapshot.Verdicts!.Number && !IsStillRight(call, set, hash, key, verdict))
        {
            call.Start();
            call.Kept.Miss = MissReason.Snapshot;
            return false;
        }

        call.Kept.Take(set, verdict, entry.Length);
        call.Verdict.Load(verdict.Status, verdict.Message, TimeSpan.FromMilliseconds(entry.Expires - now), entry.UsesLeft);
        if (call.TakesQuotas && call.Snapshot.Policy.Generators.Any)
        {
            // Quotas are found by what generators give, which is not kept.
            call.Start();
            call.Kept.Miss = MissReason.Uncacheable;
            return false;
        }

        call.Kept.IsDue = verdict.IsRenewable && _options.MaxRenewals > 0 && IsDue(hash, now, entry);
        call.Kept.Hash = hash;
        call.Kept.Time = (now, entry.Life);
        set.Usage.CountHit();
        Counters.CountHit();
        return true;
    }

    // Whether a verdict of another configuration is what this one would give.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsStillRight(CheckCall call, ReferenceSet set, ulong hash, ReadOnlySpan<byte> key, in VerdictEntry verdict)
    {
        SnapshotVerdicts verdicts = call.Snapshot.Verdicts!;
        if (verdicts.ForAll is null)
        {
            call.FindCandidates();
        }

        if ((verdicts.ForAll ?? call.Kept.Fingerprint) != verdict.Fingerprint)
        {
            return false;
        }

        set.Usage.NoteSeen(verdicts.Number);
        if (verdict.Number < verdicts.Number)
        {
            Span<byte> stamp = stackalloc byte[VerdictEntry.StampBytes];
            VerdictEntry.WriteStamp(stamp, verdicts.Number, verdict.Fingerprint);
            _entries.TryAmend(hash, key, verdict.Stamp, stamp);
        }

        return true;
    }

    // The part of its life at which an entry is renewed is its own: other bits of the hash than those that find it.
    private bool IsDue(ulong hash, long now, in CacheEntry entry)
    {
        ulong part = _renewFrom + ((hash & (PartScale - 1)) * _renewSpan / PartScale);
        ulong age = entry.Life - (ulong)Math.Clamp(entry.Expires - now, 0, entry.Life);
        return age * PartScale >= entry.Life * part;
    }

    private CacheStore? TryKeep(CheckCall call)
    {
        VerdictBuilder verdict = call.Verdict;
        uint life = (uint)Math.Clamp(verdict.ValidDuration.Ticks / TimeSpan.TicksPerMillisecond, 0, uint.MaxValue);
        if (call.Failure is not null || life == 0 || verdict.ValidUseCount == 0 || !TryFindSet(call, out ReferenceSet? set))
        {
            return null;
        }

        AttributeBag bag = call.Request.Attributes;
        if (!call.IsRenewal)
        {
            set!.Usage.CountMiss(bag, call.Snapshot.Verdicts!.Number);
        }

        if (call.Kept.TryWriteKey(set!, bag, out ReadOnlySpan<byte> key) != KeyResult.Written || !TryEncode(call, out ReadOnlySpan<byte> value))
        {
            return null;
        }

        CacheStore stored = _entries.Set(Hash(key), key, value, Now + life, life, verdict.ValidUseCount);
        if (stored != CacheStore.TooLarge)
        {
            call.Kept.KeptBy = set;
            call.Snapshot.Verdicts!.Directory.Put(set!, bag);
        }

        if (stored is CacheStore.Added or CacheStore.Returned)
        {
            set!.Usage.CountStored();
        }

        return stored;
    }

    private static bool TryFindSet(CheckCall call, out ReferenceSet? set)
    {
        ReferenceList references = call.Kept.References;
        references.Clear();
        foreach (Reference reference in call.Context.References)
        {
            references.Add(reference.Slot, reference.HasKey, reference.Key, reference.Present);
        }

        SnapshotVerdicts verdicts = call.Snapshot.Verdicts!;
        return verdicts.Directory.TryGet(references, verdicts.Number, out set);
    }

    private static bool TryEncode(CheckCall call, out ReadOnlySpan<byte> value)
    {
        long number = call.Snapshot.Verdicts!.Number;
        VerdictBuilder verdict = call.Verdict;
        for (int room = LeastValueRoom; room <= GreatestValueRoom; room *= 2)
        {
            Span<byte> bytes = call.Kept.ValueRoom(room);
            int length = VerdictEntry.TryWrite(bytes, number, call.Kept.Fingerprint, verdict.Status, call.InvolvesBackend, verdict.Message);
            if (length == 0)
            {
                continue;
            }

            var writer = new WireWriter(bytes[length..], framed: false);
            if (call.HasDirective)
            {
                call.WriteDirective(ref writer);
            }

            if (writer.TryComplete(out int directive))
            {
                value = bytes[..(length + directive)];
                return true;
            }
        }

        value = default;
        return false;
    }

    private static MissReason Worse(MissReason known, CacheLookup found)
    {
        MissReason reason = found switch
        {
            CacheLookup.Expired => MissReason.Expired,
            CacheLookup.UsedUp => MissReason.UsedUp,
            _ => MissReason.New,
        };
        return reason > known ? reason : known;
    }
}
