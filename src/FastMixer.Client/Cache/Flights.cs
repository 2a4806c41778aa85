using System.Collections.Concurrent;

namespace FastMixer.Client.Cache;

/// <summary>
/// Questions that are on their way to a server, by what they have in common, so that the same one is asked once at a time. Whoever shares a flight must see for himself
/// whether its outcome is for him. Thread-safe.
/// </summary>
/// <typeparam name="T">What a question comes to.</typeparam>
internal sealed class Flights<T>
{
    private readonly ConcurrentDictionary<ulong, TaskCompletionSource<T>> _flights = new();

    /// <summary>Joins the flight of a key, or becomes its leader.</summary>
    /// <param name="key">The key.</param>
    /// <param name="flight">The flight. Its leader must <see cref="Land"/> or <see cref="Crash"/> it.</param>
    /// <returns>Whether the caller leads it.</returns>
    public bool Join(ulong key, out TaskCompletionSource<T> flight)
    {
        var own = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        flight = _flights.GetOrAdd(key, own);
        return ReferenceEquals(flight, own);
    }

    /// <summary>Ends a flight.</summary>
    public void Land(ulong key, TaskCompletionSource<T> flight, T outcome)
    {
        _flights.TryRemove(KeyValuePair.Create(key, flight));
        flight.SetResult(outcome);
    }

    /// <summary>Ends a flight that came to nothing.</summary>
    public void Crash(ulong key, TaskCompletionSource<T> flight, Exception cause)
    {
        _flights.TryRemove(KeyValuePair.Create(key, flight));
        flight.SetException(cause);

        // Nobody may share it: what is looked at is not reported as unobserved.
        _ = flight.Task.Exception;
    }
}
