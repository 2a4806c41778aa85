using FastMixer.Client.Attributes;
using FastMixer.Client.Native.Boundary;

namespace FastMixer.Client.Native.Clients;

/// <summary>The keys of a client that were asked for, numbered from 1, so that a number that nobody has set is none. Thread-safe; reading one takes no lock.</summary>
internal sealed class KeyTable
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private AttributeKey[] _keys = [];

    /// <summary>The key of a number.</summary>
    /// <param name="number">From <see cref="Find"/>.</param>
    public AttributeKey this[int number]
    {
        get
        {
            AttributeKey[] keys = Volatile.Read(ref _keys);
            return (uint)(number - 1) < (uint)keys.Length
                ? keys[number - 1]
                : throw new FaultException(Code.InvalidArgument, $"{number} is no fm_key of this client: ask fm_client_key for one.");
        }
    }

    /// <summary>The number of a key.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="resolve">Makes its key.</param>
    public int Find(string name, Func<string, AttributeKey> resolve)
    {
        lock (_numbers)
        {
            if (!_numbers.TryGetValue(name, out int number))
            {
                Volatile.Write(ref _keys, [.. _keys, resolve(name)]);
                number = _keys.Length;
                _numbers.Add(name, number);
            }

            return number;
        }
    }
}
