using FastMixer.Caching;
using FastMixer.Engine.Handlers;
using FastMixer.Policy.Rules;

namespace FastMixer.Engine.Backends.Answers;

/// <summary>
/// What one handler's backend has answered lately, by the instance that was sent and all its fields: requests that differ elsewhere share an answer.
/// Fixed in size. Any thread may call any member. Times are milliseconds of the handler's clock.
/// </summary>
/// <remarks>
/// Where stale answers may help out, each answer is remembered twice, as long and as often as it holds, and as long as it may help out however often
/// it was used.
/// </remarks>
internal sealed class AnswerCache
{
    private readonly StripedCache _holding;
    private readonly StripedCache? _helping;
    private readonly long _maxAge;

    /// <summary>An empty cache.</summary>
    /// <param name="settings">How large it is, and for how long answers help out.</param>
    public AnswerCache(Resilience settings)
    {
        var options = new StripedCacheOptions { Entries = settings.CacheEntries, Bytes = settings.CacheBytes };
        _holding = new StripedCache(options);
        _helping = settings.Stale.MaxAge > TimeSpan.Zero ? new StripedCache(options) : null;
        _maxAge = (long)settings.Stale.MaxAge.TotalMilliseconds;
    }

    /// <summary>Finds an answer that still holds; this is one of its uses. No allocation but for a direct response.</summary>
    /// <param name="room">Has the key, and takes the answer.</param>
    /// <param name="now">The time.</param>
    /// <param name="answer">The answer; its message is valid until the room takes another.</param>
    public bool TryGet(AnswerRoom room, long now, out RememberedAnswer answer)
    {
        bool found = TryRead(_holding, room, now, out CheckResult result, out CacheEntry entry);
        answer = found
            ? new RememberedAnswer(result with { ValidDuration = TimeSpan.FromMilliseconds(entry.Expires - now) }, entry.Life, entry.Expires)
            : default;
        return found;
    }

    /// <summary>Keeps an answer that holds, to help out while the backend is asked anew. Allocates.</summary>
    /// <param name="answer">The answer.</param>
    public LastGood Keep(in RememberedAnswer answer) => answer.Keep(_maxAge);

    /// <summary>Finds the last answer that may help out, where none holds. Allocates if there is one.</summary>
    /// <param name="room">Has the key, and takes the answer.</param>
    /// <param name="now">The time.</param>
    public LastGood? FindLastGood(AnswerRoom room, long now) =>
        _helping is not null && TryRead(_helping, room, now, out CheckResult result, out CacheEntry entry)
            ? new LastGood(result with { Message = result.Message.ToArray() }, FreshUntil: now, entry.Expires)
            : null;

    /// <summary>Remembers what the backend answered, if it may be reused; else what it answered before is forgotten.</summary>
    /// <param name="room">Has the key, and is room for the answer.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="now">When it was given.</param>
    public void Store(AnswerRoom room, in CheckResult answer, long now)
    {
        long life = Life(answer);
        Store(_holding, room, answer, now, life, answer.ValidUseCount);
        if (_helping is not null)
        {
            Store(_helping, room, answer, now, life == 0 ? 0 : life + _maxAge, -1);
        }
    }

    /// <summary>Remembers what was answered in place of the backend, so that it is left alone for as long as that may be reused.</summary>
    /// <param name="room">Has the key, and is room for the answer.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="now">When it was given.</param>
    public void StoreSubstitute(AnswerRoom room, in CheckResult answer, long now) =>
        Store(_holding, room, answer, now, Life(answer), answer.ValidUseCount);

    private static long Life(in CheckResult answer) =>
        answer.ValidUseCount == 0 ? 0 : (long)Math.Min(answer.ValidDuration.TotalMilliseconds, uint.MaxValue);

    private static void Store(StripedCache cache, AnswerRoom room, in CheckResult answer, long now, long life, int uses)
    {
        if (life == 0)
        {
            cache.Remove(room.Hash, room.Key);
            return;
        }

        room.Value.Reset();
        AnswerCodec.Write(room.Value, answer);
        cache.Set(room.Hash, room.Key, room.Value.Written, now + life, (uint)Math.Min(life, uint.MaxValue), uses);
    }

    private static bool TryRead(StripedCache cache, AnswerRoom room, long now, out CheckResult result, out CacheEntry entry)
    {
        room.Value.Reset();
        CacheLookup lookup = cache.TryGet(room.Hash, room.Key, now, room.Value.GetSpan(), out entry);
        while (lookup == CacheLookup.TooLong)
        {
            lookup = cache.TryGet(room.Hash, room.Key, now, room.Value.GetSpan(entry.Length), out entry);
        }

        if (lookup != CacheLookup.Found)
        {
            result = default;
            return false;
        }

        room.Value.Advance(entry.Length);
        result = AnswerCodec.Read(room.Value.WrittenMemory);
        return true;
    }
}
