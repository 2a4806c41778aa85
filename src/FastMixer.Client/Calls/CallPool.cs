using System.Collections.Concurrent;

namespace FastMixer.Client.Calls;

/// <summary>Calls that wait to be used again. Thread-safe; allocates only while more calls wait at once than ever before.</summary>
/// <typeparam name="T">The answer that the calls wait for.</typeparam>
/// <param name="capacity">How many it keeps.</param>
/// <param name="runContinuationsAsynchronously">Given to each call.</param>
internal sealed class CallPool<T>(int capacity, bool runContinuationsAsynchronously)
{
    private readonly ConcurrentQueue<PendingCall<T>> _calls = new();
    private int _count;

    /// <summary>A call that nobody else has.</summary>
    public PendingCall<T> Rent()
    {
        if (!_calls.TryDequeue(out PendingCall<T>? call))
        {
            return new PendingCall<T>(this, runContinuationsAsynchronously);
        }

        Interlocked.Decrement(ref _count);
        return call;
    }

    /// <summary>Takes a call back.</summary>
    /// <param name="call">A call whose result was taken.</param>
    public void Return(PendingCall<T> call)
    {
        if (Interlocked.Increment(ref _count) <= capacity)
        {
            _calls.Enqueue(call);
        }
        else
        {
            Interlocked.Decrement(ref _count);
            call.Datagram?.Dispose();
        }
    }
}
