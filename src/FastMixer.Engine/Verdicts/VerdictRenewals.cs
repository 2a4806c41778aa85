using System.Runtime.CompilerServices;
using FastMixer.Caching.Keys;
using FastMixer.Engine.Checks;

namespace FastMixer.Engine.Verdicts;

/// <summary>
/// Renews verdicts that are still asked for before their time is over, beside the requests, so that these never wait for the backend. One renewal per entry at a
/// time, and not more at once than the options say. Any thread may call any member.
/// </summary>
internal sealed class VerdictRenewals : IAsyncDisposable
{
    // An entry that shares its place with another waits for that one's renewal.
    private const int Places = 4096;
    private const long UnderWay = long.MaxValue;

    // After a renewal that failed, the same entry is tried again when so many parts of its life have passed.
    private const int PartsBetweenAttempts = 32;
    private const int LeastMillisecondsBetweenAttempts = 10;

    private readonly MixerEngine _engine;
    private readonly CheckPath _checks;
    private readonly VerdictCache _cache;
    private readonly int _most;
    private readonly long[] _notBefore = new long[Places];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // One for this object itself, until it is disposed.
    private int _running = 1;

    /// <summary>None under way.</summary>
    public VerdictRenewals(MixerEngine engine, CheckPath checks, VerdictCache cache)
    {
        _engine = engine;
        _checks = checks;
        _cache = cache;
        _most = cache.Options.MaxRenewals;
    }

    /// <summary>Renews the verdict that was found for a call, unless that is under way. No allocation where nothing begins.</summary>
    /// <param name="call">The call; its request is copied.</param>
    public void Offer(CheckCall call)
    {
        ref long notBefore = ref _notBefore[call.Kept.Hash % Places];
        long seen = Volatile.Read(ref notBefore);
        if (call.Kept.Time.Now >= seen && Interlocked.CompareExchange(ref notBefore, UnderWay, seen) == seen)
        {
            Begin(call, ref notBefore);
        }
    }

    /// <summary>Begins no more, and waits for those under way, as long as a handler may take to end.</summary>
    public async ValueTask DisposeAsync()
    {
        End();
        try
        {
            await _ended.Task.WaitAsync(MixerEngine.MaxEndTime).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // A backend does not answer: its handler is ended all the same.
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Begin(CheckCall call, ref long notBefore)
    {
        long again = call.Kept.Time.Now + PauseFor(call.Kept.Time.Life);
        if (!TryEnter())
        {
            _cache.Counters.CountRenewalRefused();
            Volatile.Write(ref notBefore, again);
            return;
        }

        CheckCall copy = _engine.Calls.Get();
        if (!copy.BeginRenewal(_engine, call))
        {
            // The configuration is being replaced.
            _engine.Calls.Return(copy);
            Volatile.Write(ref notBefore, again);
            End();
            return;
        }

        _cache.Counters.CountRenewalStarted();
        ThreadPool.UnsafeQueueUserWorkItem(new Renewal(this, copy, call.Kept.Set!, call.Kept.Hash, call.Kept.Time.Life), preferLocal: false);
    }

    private static long PauseFor(uint life) => Math.Max(life / PartsBetweenAttempts, LeastMillisecondsBetweenAttempts);

    private bool TryEnter()
    {
        int running = Volatile.Read(ref _running);
        while (running > 0 && running <= _most)
        {
            int before = Interlocked.CompareExchange(ref _running, running + 1, running);
            if (before == running)
            {
                return true;
            }

            running = before;
        }

        return false;
    }

    private void End()
    {
        if (Interlocked.Decrement(ref _running) == 0)
        {
            _ended.TrySetResult();
        }
    }

    private async Task RunAsync(CheckCall copy, ReferenceSet set, ulong hash, uint life)
    {
        bool isRenewed = false;
        try
        {
            copy.Start();
            await _checks.DecideAsync(copy).ConfigureAwait(false);
            isRenewed = _cache.Keep(copy);
            if (isRenewed && copy.Kept.KeptBy != set)
            {
                // What the backend said now made the rules look at other attributes: the verdict has another key, and the old one must not hide it.
                _cache.Forget(copy, set);
            }
        }
        finally
        {
            copy.End();
            _engine.Calls.Return(copy);
            long again = isRenewed ? 0 : _cache.Now + PauseFor(life);
            Volatile.Write(ref _notBefore[hash % Places], again);
            _cache.Counters.CountRenewalEnded(isRenewed);
            End();
        }
    }

    private sealed class Renewal(VerdictRenewals renewals, CheckCall copy, ReferenceSet set, ulong hash, uint life) : IThreadPoolWorkItem
    {
        public void Execute() => _ = renewals.RunAsync(copy, set, hash, life);
    }
}
