using System.Diagnostics.CodeAnalysis;
using FastMixer.Engine.Backends.Answers;

namespace FastMixer.Engine.Backends.Flights;

/// <summary>The flights that may be joined, by their keys, which are compared byte for byte. Not thread-safe.</summary>
internal sealed class FlightSet
{
    private readonly HashSet<Flight> _flights = new(new ByKey());
    private readonly HashSet<Flight>.AlternateLookup<Question> _byQuestion;

    /// <summary>An empty set.</summary>
    public FlightSet() => _byQuestion = _flights.GetAlternateLookup<Question>();

    /// <summary>How many there are.</summary>
    public int Count => _flights.Count;

    /// <summary>Finds the flight of a key.</summary>
    public bool TryFind(AnswerRoom room, [NotNullWhen(true)] out Flight? flight) => _byQuestion.TryGetValue(new Question(room), out flight);

    /// <summary>Adds a flight whose key no other has.</summary>
    public void Add(Flight flight) => _flights.Add(flight);

    /// <summary>Takes a flight out, if it is there: not another of the same key.</summary>
    public void Remove(Flight flight)
    {
        if (_flights.TryGetValue(flight, out Flight? found) && found == flight)
        {
            _flights.Remove(flight);
        }
    }

    /// <summary>Takes all flights out.</summary>
    public void Clear() => _flights.Clear();

    /// <summary>Walks the flights; the one at hand may be taken out meanwhile.</summary>
    public HashSet<Flight>.Enumerator GetEnumerator() => _flights.GetEnumerator();

    private readonly ref struct Question(AnswerRoom room)
    {
        public ReadOnlySpan<byte> Key { get; } = room.Key;

        public ulong Hash { get; } = room.Hash;
    }

    private sealed class ByKey : IEqualityComparer<Flight>, IAlternateEqualityComparer<Question, Flight>
    {
        public bool Equals(Flight? x, Flight? y) => x == y || (x is not null && y is not null && x.Room.Key.SequenceEqual(y.Room.Key));

        public int GetHashCode(Flight obj) => obj.Room.Hash.GetHashCode();

        public Flight Create(Question alternate) => throw new NotSupportedException("A flight is not made of its key alone.");

        public bool Equals(Question alternate, Flight other) => alternate.Key.SequenceEqual(other.Room.Key);

        public int GetHashCode(Question alternate) => alternate.Hash.GetHashCode();
    }
}
