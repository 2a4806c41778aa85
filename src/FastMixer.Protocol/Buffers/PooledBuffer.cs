using System.Buffers;

namespace FastMixer.Protocol.Buffers;

/// <summary>
/// A growing byte buffer over the shared array pool, reused by one owner at a time. Not thread-safe. After <see cref="Reset"/> or
/// <see cref="Dispose"/> spans taken from it must not be used.
/// </summary>
public sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    // What a buffer may keep while it rests: most messages are far smaller, and a burst of large ones should not be remembered.
    private const int KeptBytes = 64 * 1024;
    private const int SmallestBytes = 1024;

    private byte[] _bytes = [];

    /// <summary>How many bytes are written.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes written, valid until the next write, <see cref="Reset"/> or <see cref="Dispose"/>.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>The bytes written, as memory, valid as long as <see cref="Written"/>.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, Length);

    /// <summary>How many bytes fit before more memory is rented.</summary>
    internal int Capacity => _bytes.Length;

    /// <summary>Forgets what is written; keeps the memory unless it is large.</summary>
    public void Reset()
    {
        Length = 0;
        if (_bytes.Length > KeptBytes)
        {
            Release();
        }
    }

    /// <summary>Forgets the bytes from some length on.</summary>
    /// <param name="length">0 … <see cref="Length"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is longer than what is written.</exception>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)Length, nameof(length));
        Length = length;
    }

    /// <summary>Writes over bytes that are written already, such as a length that was not known before.</summary>
    /// <param name="offset">Where; as many bytes must be written from there.</param>
    /// <param name="bytes">Copied before the call returns.</param>
    /// <exception cref="ArgumentOutOfRangeException">They would go beyond what is written.</exception>
    public void Overwrite(int offset, ReadOnlySpan<byte> bytes) => bytes.CopyTo(_bytes.AsSpan(0, Length).Slice(offset, bytes.Length));

    /// <summary>Appends bytes.</summary>
    /// <param name="bytes">Copied before the call returns.</param>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Appends the bytes of a sequence.</summary>
    /// <param name="bytes">Copied before the call returns.</param>
    public void Write(in ReadOnlySequence<byte> bytes)
    {
        int length = checked((int)bytes.Length);
        bytes.CopyTo(GetSpan(length));
        Length += length;
    }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _bytes.Length - Length);
        Length += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return _bytes.AsMemory(Length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return _bytes.AsSpan(Length);
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        Length = 0;
        Release();
    }

    private void EnsureRoom(int sizeHint)
    {
        if (_bytes.Length - Length < Math.Max(sizeHint, 1))
        {
            Grow(sizeHint);
        }
    }

    private void Grow(int sizeHint)
    {
        int wanted = Math.Max(Math.Max(SmallestBytes, _bytes.Length * 2), Length + sizeHint);
        byte[] larger = ArrayPool<byte>.Shared.Rent(wanted);
        Written.CopyTo(larger);
        Release();
        _bytes = larger;
    }

    private void Release()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = [];
    }
}
