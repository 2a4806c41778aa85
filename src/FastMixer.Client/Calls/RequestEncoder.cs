using FastMixer.Protocol.Buffers;
using FastMixer.Protocol.Wire;

namespace FastMixer.Client.Calls;

/// <summary>Writes requests into buffers.</summary>
internal static class RequestEncoder
{
    /// <summary>Writes a request behind what a buffer holds. The buffer does not count it until it is told to advance.</summary>
    /// <typeparam name="TRequest">The request's type.</typeparam>
    /// <param name="buffer">The buffer.</param>
    /// <param name="request">The request.</param>
    /// <param name="id">Its correlation id.</param>
    /// <param name="framed">Whether a length prefix comes first, as on streams.</param>
    /// <returns>The bytes written.</returns>
    public static int Encode<TRequest>(PooledBuffer buffer, in TRequest request, uint id, bool framed)
        where TRequest : struct, IRequest
    {
        int room = request.SizeHint;
        while (true)
        {
            var writer = new WireWriter(buffer.GetSpan(room), framed);
            request.Write(ref writer, id);
            if (writer.TryComplete(out int written))
            {
                return written;
            }

            // Doubling is checked: a message beyond an int's range can't be sent anyway.
            room = checked(Math.Max(room, buffer.GetSpan().Length) * 2);
        }
    }
}
