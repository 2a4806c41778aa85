using FastMixer.Caching;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Buffers;

namespace FastMixer.Engine.Backends.Answers;

/// <summary>
/// Room for one question to a backend: the key that its answer is remembered by, and what is remembered. Belongs to one caller at a time; the
/// message of a remembered answer lies here, and is valid until the next question.
/// </summary>
internal sealed class AnswerRoom : IDisposable
{
    private readonly PooledBuffer _key = new();

    /// <summary>The key.</summary>
    public ReadOnlySpan<byte> Key => _key.Written;

    /// <summary>The key's hash.</summary>
    public ulong Hash { get; private set; }

    /// <summary>What is remembered, or is to be.</summary>
    public PooledBuffer Value { get; } = new();

    /// <summary>Takes the key of an instance: its name and all its fields. No allocation once grown.</summary>
    public void SetKey(InstanceValues instance)
    {
        _key.Reset();
        instance.WriteKey(_key);
        Hash = StripedCache.Hash(Key);
    }

    /// <summary>Takes the key that another room has. No allocation once grown.</summary>
    public void SetKey(AnswerRoom other)
    {
        _key.Reset();
        _key.Write(other.Key);
        Hash = other.Hash;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        _key.Dispose();
        Value.Dispose();
    }
}
