using System.Buffers;

namespace FastMixer.Adapters.Backends;

/// <summary>Reads a stream to its end, but no further than a limit, whatever it says of its length.</summary>
internal static class BoundedReader
{
    private const int PartBytes = 16 * 1024;

    /// <summary>Reads a stream.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="maxBytes">How many bytes it may have.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Its bytes, or null if they are more.</returns>
    public static async Task<byte[]?> ReadAsync(Stream stream, int maxBytes, CancellationToken cancellationToken)
    {
        var bytes = new ArrayBufferWriter<byte>(PartBytes);
        while (await stream.ReadAsync(bytes.GetMemory(PartBytes), cancellationToken).ConfigureAwait(false) is var read and > 0)
        {
            bytes.Advance(read);
            if (bytes.WrittenCount > maxBytes)
            {
                return null;
            }
        }

        return bytes.WrittenSpan.ToArray();
    }
}
