using System.Buffers.Text;
using System.Security.Cryptography;

namespace FastMixer.Client.Fleet.Checks;

/// <summary>Ids for checks that take from quotas, so that one that is sent again does not take twice. Thread-safe.</summary>
internal sealed class DeduplicationIds
{
    // Sixteen letters for this process, sixteen for the check.
    private const int Letters = 32;

    private readonly ulong _process = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
    private long _last;

    /// <summary>An id that no other check has.</summary>
    public byte[] Next()
    {
        byte[] id = new byte[Letters];
        var format = new System.Buffers.StandardFormat('x', Letters / 2);
        Utf8Formatter.TryFormat(_process, id, out _, format);
        Utf8Formatter.TryFormat(Interlocked.Increment(ref _last), id.AsSpan(Letters / 2), out _, format);
        return id;
    }
}
