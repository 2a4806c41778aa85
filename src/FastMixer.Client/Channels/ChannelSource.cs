using System.Diagnostics.CodeAnalysis;
using FastMixer.Client.Calls;
using FastMixer.Client.Connections;
using FastMixer.Protocol.Messages;

namespace FastMixer.Client.Channels;

/// <summary>
/// The connection that new calls go to, made when one is needed. A connection whose server goes away is replaced, and ends once its last
/// answer has come. Thread-safe; while there is a good connection no lock is taken.
/// </summary>
/// <param name="context">What the connections share.</param>
internal sealed class ChannelSource(ClientContext context) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<Channel> _draining = [];
    private Channel? _current;
    private Welcome? _welcome;
    private bool _disposed;

    /// <summary>The newest connection; null before the first.</summary>
    public Channel? Current => Volatile.Read(ref _current);

    /// <summary>What the server said last when it welcomed; null before it ever has.</summary>
    public Welcome? Welcome => Current?.Welcome ?? Volatile.Read(ref _welcome);

    /// <summary>How many calls wait for answers, on the connection for new ones.</summary>
    public int InFlight => Current?.Calls.Count ?? 0;

    /// <summary>Makes a call on the connection for new ones.</summary>
    /// <typeparam name="T">The answer.</typeparam>
    /// <typeparam name="TRequest">The request's type.</typeparam>
    /// <param name="pool">Where the call comes from.</param>
    /// <param name="request">What to send; encoded before this returns.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="patience">How long it waits; zero for as long as the options say.</param>
    /// <exception cref="ObjectDisposedException">The client is closed.</exception>
    public ValueTask<T> Start<T, TRequest>(
        CallPool<T> pool, in TRequest request, CancellationToken cancellationToken, TimeSpan patience = default)
        where TRequest : struct, IRequest
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<T>(cancellationToken);
        }

        PendingCall<T> call = pool.Rent();
        call.Patience = context.ToTimestamps(patience);
        ValueTask<T> task = call.Task;
        while (true)
        {
            if (!TryGet(patience > TimeSpan.Zero ? patience : context.Options.Timeout, out Channel? channel, out MixerUnavailableException? problem))
            {
                call.Fail(problem);
                break;
            }

            bool isStarted = channel is StreamChannel stream
                ? stream.TryStart(call, request)
                : ((DatagramChannel)channel).TryStart(call, request);
            if (isStarted)
            {
                break;
            }
        }

        call.ObserveCancellation(cancellationToken);
        return task;
    }

    /// <summary>The connection for a call.</summary>
    /// <param name="patience">How long the call waits.</param>
    /// <param name="channel">One that has not ended when this returns, connected or about to be.</param>
    /// <param name="problem">Why there is none: the next attempt to connect is further away than a call waits.</param>
    /// <exception cref="ObjectDisposedException">The client is closed.</exception>
    public bool TryGet(
        TimeSpan patience, [NotNullWhen(true)] out Channel? channel, [NotNullWhen(false)] out MixerUnavailableException? problem)
    {
        problem = null;
        channel = Current;
        return channel is { IsClosed: false, IsGoingAway: false } || TryReplace(patience, out channel, out problem);
    }

    /// <summary>The connection for one who waits however long the next attempt to connect is away.</summary>
    /// <exception cref="ObjectDisposedException">The client is closed.</exception>
    public Channel GetPatiently()
    {
        Channel? channel = Current;
        return channel is { IsClosed: false, IsGoingAway: false } || TryReplace(TimeSpan.MaxValue, out channel, out _)
            ? channel
            : throw new InvalidOperationException("No pause is longer than the longest time span.");
    }

    /// <summary>Ends all connections, and waits until nothing of them runs.</summary>
    public async ValueTask DisposeAsync()
    {
        List<Channel> channels;
        lock (_lock)
        {
            _disposed = true;
            channels = [.. _draining];
            if (_current is not null)
            {
                channels.Add(_current);
            }
        }

        var fault = new ChannelFault($"The client of {context.Options.Server} was closed while the request was in flight.", IsWanted: true);
        foreach (Channel channel in channels)
        {
            channel.Close(fault);
        }

        foreach (Channel channel in channels)
        {
            await channel.Ended.ConfigureAwait(false);
        }
    }

    private bool TryReplace(
        TimeSpan patience, [NotNullWhen(true)] out Channel? channel, [NotNullWhen(false)] out MixerUnavailableException? problem)
    {
        TimeSpan pause;
        problem = null;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(MixerConnection));
            channel = _current;
            if (channel is { IsClosed: false, IsGoingAway: false })
            {
                return true;
            }

            pause = context.Backoff.Remaining;
            if (pause > TimeSpan.Zero && channel is { IsClosed: false })
            {
                // A server that goes away still answers, which beats waiting for one that could not be reached.
                return true;
            }

            if (pause > patience)
            {
                channel = null;
                ChannelFault? cause = context.Backoff.Cause;
                problem = new MixerUnavailableException(
                    $"{cause?.Text} The next attempt is {pause.TotalMilliseconds:0} ms away.", cause?.Cause)
                {
                    Reason = MixerFailure.NotSent,
                };
                return false;
            }

            Retire(channel);
            channel = context.Options.Server.IsStream ? new StreamChannel(context) : new DatagramChannel(context);
            Volatile.Write(ref _current, channel);
        }

        channel.Start(pause);
        return true;
    }

    // Under the lock.
    private void Retire(Channel? channel)
    {
        _draining.RemoveAll(static old => old.IsClosed);
        if (channel is null)
        {
            return;
        }

        Volatile.Write(ref _welcome, channel.Welcome ?? _welcome);
        if (!channel.IsClosed)
        {
            _draining.Add(channel);
        }
    }
}
