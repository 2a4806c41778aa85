using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using FastMixer.Protocol.Addresses;
using FastMixer.Server.Overload;
using FastMixer.Server.Sessions;

namespace FastMixer.Server.Transports;

/// <summary>
/// Answers datagrams one after the other on the thread that receives them. One whose answer waits for a backend is set aside, and sent when it is
/// there.
/// </summary>
internal sealed class DatagramListener : IListener
{
    // Exchanges waiting for a backend; beyond it datagrams are dropped, as the network itself would.
    private const int MaxWaiting = 4096;

    // After so many datagrams without waiting, others of the same polling thread get their turn.
    private const int DatagramsPerTurn = 1024;

    private readonly Socket _socket;
    private readonly ServerContext _context;
    private readonly DatagramQueue? _queue;
    private readonly ConcurrentQueue<DatagramExchange> _idle = new();
    private volatile bool _stopping;
    private int _waiting;
    private Task _receiving = Task.CompletedTask;

    /// <summary>Binds the address.</summary>
    /// <exception cref="ListenException">It cannot be had.</exception>
    public DatagramListener(MixerAddress address, ServerContext context)
    {
        _context = context;
        _socket = ListenSocket.Bind(address);
        _socket.ReceiveBufferSize = context.Options.DatagramBufferBytes;
        Address = ListenSocket.BoundAddress(address, _socket);
        _queue = context.Overload.Watch(_socket);
    }

    /// <inheritdoc/>
    public MixerAddress Address { get; }

    /// <inheritdoc/>
    public void Start() => _receiving = ReceiveAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // A token would cost each receive a registration; closing the socket ends the last one as well.
        _stopping = true;
        _socket.Dispose();
        await _receiving.ConfigureAwait(false);
        if (_queue is not null)
        {
            _context.Overload.Unwatch(_queue);
        }

        while (_idle.TryDequeue(out DatagramExchange? exchange))
        {
            exchange.Dispose();
        }
    }

    private async Task ReceiveAsync()
    {
        DatagramExchange exchange = Rent();
        int turn = 0;
        while (!_stopping)
        {
            try
            {
                if (++turn % DatagramsPerTurn == 0)
                {
                    await Task.Yield();
                }

                int length = await _socket
                    .ReceiveFromAsync(exchange.Received, SocketFlags.None, exchange.Sender, CancellationToken.None)
                    .ConfigureAwait(false);
                if (_queue?.TryTake(exchange.Received.Span[..length]) == true)
                {
                    continue;
                }

                ValueTask handled = exchange.HandleAsync(length, _queue);
                if (handled.IsCompletedSuccessfully)
                {
                    await SendAsync(exchange).ConfigureAwait(false);
                }
                else if (Volatile.Read(ref _waiting) < MaxWaiting)
                {
                    _ = AnswerLaterAsync(exchange, handled);
                    exchange = Rent();
                }
                else
                {
                    _context.Counters.CountDatagramDropped();
                    await handled.ConfigureAwait(false);
                }
            }
            catch (Exception exception) when (_stopping && exception is ObjectDisposedException or OperationCanceledException)
            {
                break;
            }
            catch (SocketException)
            {
                // Told by an earlier answer's ICMP error, or a datagram too long for the buffer: this datagram is lost, the socket is not.
                _context.Counters.CountDatagramDropped();
            }
#pragma warning disable CA1031 // A fault at one datagram must not reach the others.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                ServerLog.DatagramFaulted(_context.Logger, exception);
            }
        }

        exchange.Dispose();
    }

    private async Task AnswerLaterAsync(DatagramExchange exchange, ValueTask handled)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            await handled.ConfigureAwait(false);
            await SendAsync(exchange).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
            _idle.Enqueue(exchange);
        }
    }

    private async ValueTask SendAsync(DatagramExchange exchange)
    {
        if (exchange.Answer.Length > 0)
        {
            await _socket.SendToAsync(exchange.Answer, SocketFlags.None, exchange.Sender, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private DatagramExchange Rent() =>
        _idle.TryDequeue(out DatagramExchange? exchange) ? exchange : new DatagramExchange(_context, new SocketAddress(_socket.AddressFamily));
}
