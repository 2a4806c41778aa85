using FastMixer.Client.Attributes;
using FastMixer.Client.Native.Boundary;
using FastMixer.Client.Native.Requests;
using FastMixer.Client.Native.Results;

namespace FastMixer.Client.Native.Clients;

/// <summary>An <c>fm_client</c>: a <see cref="MixerClient"/>, its keys, and the checks whose callbacks have not returned. Thread-safe.</summary>
internal sealed class NativeClient : IDisposable
{
    private readonly KeyTable _keys = new();
    private readonly CallbackLog? _log;
    private readonly MixerClient _client;
    private readonly TaskCompletionSource _allReturned = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Checks whose callbacks have not returned, and one for the client until it is destroyed.
    private int _pending = 1;
    private volatile bool _isClosed;

    /// <summary>A client; it begins to connect at once.</summary>
    /// <param name="options">How; read here, and not kept.</param>
    public NativeClient(in ClientSettings options)
    {
        _log = options.Log == 0 ? null : new CallbackLog(options.Log, options.LogContext);
        _client = new MixerClient(options.Read(SetBase), _log);
    }

    /// <summary>The client.</summary>
    /// <exception cref="FaultException">It was destroyed.</exception>
    public MixerClient Client =>
        _isClosed ? throw new FaultException(Code.Closed, "The client of this request was destroyed.") : _client;

    /// <summary>The key of a number.</summary>
    /// <param name="number">From <see cref="FindKey(string)"/>.</param>
    public AttributeKey Key(int number) => _keys[number];

    /// <summary>The number of a key.</summary>
    /// <param name="name">The attribute's name.</param>
    public int FindKey(string name) => _keys.Find(name, Client.Key);

    /// <summary>The number of a key, where the client may not be there yet.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="attributes">A request of it.</param>
    public int FindKey(string name, RequestAttributes attributes) => _keys.Find(name, attributes.Key);

    /// <summary>Waits for an answer.</summary>
    /// <param name="request">What is asked.</param>
    public CheckResult Check(NativeRequest request)
    {
        ValueTask<CheckResult> check = Ask(request);
        return check.IsCompleted ? check.GetAwaiter().GetResult() : check.AsTask().GetAwaiter().GetResult();
    }

    /// <summary>Asks, and calls back.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="callback">Whom to tell; not called where this throws.</param>
    public void CheckAsync(NativeRequest request, CheckCallback callback)
    {
        ValueTask<CheckResult> check = Ask(request);
        if (check.IsCompleted)
        {
            callback.Answer(check.GetAwaiter().GetResult(), isInline: true);
            return;
        }

        Interlocked.Increment(ref _pending);
        _ = FinishAsync(check, callback);
    }

    /// <summary>Waits until the records that wait were sent.</summary>
    /// <param name="timeout">For how long.</param>
    public void Flush(TimeSpan timeout)
    {
        using var tooLate = new CancellationTokenSource(timeout);
        try
        {
            Client.FlushAsync(tooLate.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (tooLate.IsCancellationRequested)
        {
            throw new FaultException(Code.Timeout, $"Not all records were taken within {timeout.TotalMilliseconds} ms; they are kept, and sent later.");
        }
    }

    /// <summary>Ends everything, and waits for the callbacks.</summary>
    public void Dispose()
    {
        _isClosed = true;
        _client.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Return();
        _allReturned.Task.GetAwaiter().GetResult();
        _log?.Dispose();
    }

    private ValueTask<CheckResult> Ask(NativeRequest request) => request.Quotas.Length == 0
        ? Client.CheckAsync(request.Attributes)
        : Client.CheckAsync(request.Attributes, request.Quotas);

    private async Task FinishAsync(ValueTask<CheckResult> check, CheckCallback callback)
    {
        CheckResult result;
        try
        {
            result = await check.ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever it is, the callback is told.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            callback.Fail(exception);
            Return();
            return;
        }

        callback.Answer(result, isInline: false);
        Return();
    }

    private void Return()
    {
        if (Interlocked.Decrement(ref _pending) == 0)
        {
            _allReturned.SetResult();
        }
    }

    private unsafe void SetBase(RequestAttributes attributes, nint callback, nint context)
    {
        nint request = Handles.Add(new NativeRequest(this, attributes));
        try
        {
            ((delegate* unmanaged<nint, nint, void>)callback)(context, request);
        }
        finally
        {
            Handles.Remove<NativeRequest>(request);
        }
    }
}
