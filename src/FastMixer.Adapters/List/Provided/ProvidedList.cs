using System.IO.Hashing;
using FastMixer.Adapters.Backends;

namespace FastMixer.Adapters.List.Provided;

/// <summary>
/// A list that is fetched from a provider again and again, in the background. Asking for it reads memory only. While the provider fails or has what is no
/// list, the last good one stays, until it is older than its life; then, and before the first one is there, there is none.
/// </summary>
internal sealed class ProvidedList : IAsyncDisposable
{
    // So that servers that were started at once do not ask at once, each wait is shorter by up to this part.
    private const double Jitter = 0.2;

    // After failures the provider is asked again sooner: after this, twice this, and so on up to the usual interval.
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);

    private readonly ListSettings _settings;
    private readonly ProviderSettings _provider;
    private readonly IListSource _source;
    private readonly ListStatus _status;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;
    private Task<ListDocument?> _fetch = Task.FromResult<ListDocument?>(null);
    private Held? _held;
    private int _failures;

    /// <summary>A list that is not fetched yet.</summary>
    /// <param name="settings">The handler's parameters; they have a provider.</param>
    /// <param name="source">Where the list comes from; disposed with this.</param>
    /// <param name="status">Is told how it goes.</param>
    /// <param name="time">The time to go by.</param>
    public ProvidedList(ListSettings settings, IListSource source, ListStatus status, TimeProvider time)
    {
        _settings = settings;
        _provider = settings.Provider!;
        _source = source;
        _status = status;
        _time = time;
    }

    /// <summary>The list. No allocation.</summary>
    /// <exception cref="BackendException">There is none that may be used.</exception>
    public IEntryList Current => Volatile.Read(ref _held) is not { } held ? throw new BackendException("its list has not come yet")
        : AgeOf(held) <= _provider.Life ? held.List
        : throw new BackendException("its list could not be renewed for too long");

    /// <summary>Its entries, 0 for none; and the time since it was renewed, null for never. For metrics.</summary>
    public (int Entries, TimeSpan? Age) Measure() => Volatile.Read(ref _held) is { } held ? (held.List.Count, AgeOf(held)) : (0, null);

    /// <summary>
    /// Begins to fetch. Waits for the first answer, at most as long as a request may take: a handler that takes the place of another should not begin
    /// without a list. Must not be called on a thread that serves requests.
    /// </summary>
    public void Start()
    {
        ListMeter.Watch(this, _status.Handler);
        _running = Task.Run(RunAsync);
        _asked.Task.GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        ListMeter.Forget(this);
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _source.Dispose();
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await RefreshAsync().ConfigureAwait(false);
                _asked.TrySetResult();
                await Task.Delay(NextWait(), _time, _stopping.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            _asked.TrySetResult();
        }
    }

    private async Task RefreshAsync()
    {
        using var timeout = new CancellationTokenSource(_provider.RequestTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stopping.Token);
        try
        {
            // A file that cannot even be opened, as of a server that hangs, holds one thread, not one more each time.
            if (_fetch.IsCompleted)
            {
                _fetch = Task.Run(() => _source.FetchAsync(_held?.Version, either.Token), CancellationToken.None);
            }

            Take(await _fetch.WaitAsync(either.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (!_stopping.IsCancellationRequested)
        {
            Fail(RefreshOutcome.Unreachable, $"did not answer within {_provider.RequestTimeout.TotalSeconds} s");
        }
        catch (BackendException exception)
        {
            Fail(RefreshOutcome.Unreachable, exception.Message);
        }
#pragma warning disable CA1031 // Whatever a source throws, the list must be asked for again.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            Fail(RefreshOutcome.Unreachable, $"could not be read: {exception.Message}");
        }
    }

    private void Take(ListDocument? document)
    {
        UInt128 hash = document is null ? default : XxHash128.HashToUInt128(document.Utf8);
        if (document is null || _held?.Hash == hash)
        {
            Hold(_held!.List, _held.Hash, document?.Version ?? _held.Version, RefreshOutcome.Unchanged);
        }
        else if (ListText.Read(document.Utf8, _settings, _provider.MaxEntries, out string problem) is { } list)
        {
            Hold(list, hash, document.Version, RefreshOutcome.Replaced);
        }
        else
        {
            Fail(RefreshOutcome.Invalid, $"has what is no list: {problem}");
        }
    }

    private void Hold(IEntryList list, UInt128 hash, ListVersion version, RefreshOutcome outcome)
    {
        _failures = 0;
        Volatile.Write(ref _held, new Held(list, hash, version, _time.GetTimestamp()));
        _status.Renewed(outcome, list.Count);
    }

    private void Fail(RefreshOutcome outcome, string reason)
    {
        _failures++;
        _status.Failed(outcome, reason, isUsable: _held is not null && AgeOf(_held) <= _provider.Life);
    }

    private TimeSpan NextWait()
    {
        TimeSpan usual = _provider.RefreshInterval;
        double retries = Math.Min(_failures - 1, 30);
        TimeSpan wait = _failures == 0 ? usual : FirstRetry * Math.Pow(2, retries);
        return (wait < usual ? wait : usual) * (1 - (Jitter * Random.Shared.NextDouble()));
    }

    private TimeSpan AgeOf(Held held) => _time.GetElapsedTime(held.RenewedAt);

    private sealed record Held(IEntryList List, UInt128 Hash, ListVersion Version, long RenewedAt);
}
