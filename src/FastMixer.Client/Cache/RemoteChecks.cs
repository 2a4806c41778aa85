using System.Diagnostics;
using System.IO.Hashing;
using FastMixer.Client.Attributes;
using FastMixer.Client.Diagnostics;
using FastMixer.Client.Fleet;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using Microsoft.Extensions.ObjectPool;

namespace FastMixer.Client.Cache;

/// <summary>Asks the fleet the questions that no kept verdict answers: each question once at a time, its verdict kept. Thread-safe.</summary>
internal sealed class RemoteChecks : IDisposable
{
    private const int MaxRenewals = 64;

    private readonly MixerClientOptions _options;
    private readonly AttributeSpace _space;
    private readonly AttributeEncoder _encoder;
    private readonly IFleet _fleet;
    private readonly KeptVerdicts _kept;
    private readonly TimeProvider _clock;
    private readonly CheckCounters _counters;
    private readonly Flights<Verdict> _flights = new();
    private readonly ObjectPool<CheckQuestion> _questions = new DefaultObjectPoolProvider { MaximumRetained = 256 }.Create(new QuestionPolicy());
    private readonly bool _needsWhole;
    private int _renewals;

    /// <summary>A way to a fleet.</summary>
    /// <param name="options">The client's options.</param>
    /// <param name="space">The client's attributes.</param>
    /// <param name="fleet">The servers.</param>
    /// <param name="kept">Where verdicts are kept.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="counters">Count.</param>
    public RemoteChecks(
        MixerClientOptions options, AttributeSpace space, IFleet fleet, KeptVerdicts kept, TimeProvider clock, CheckCounters counters)
    {
        _options = options;
        _space = space;
        _encoder = new AttributeEncoder(space.Vocabulary);
        _fleet = fleet;
        _kept = kept;
        _clock = clock;
        _counters = counters;
        _needsWhole = options.Servers.MayUseDatagrams;
    }

    /// <summary>Asks a question together with all who ask the same at the moment.</summary>
    /// <param name="request">Attributes of the caller's own; left as they are until the task has completed.</param>
    /// <param name="cancellationToken">Ends the caller's wait; the question goes on for others.</param>
    /// <exception cref="MixerException">No server has answered, or one has refused to.</exception>
    public async ValueTask<CheckResult> AskAsync(RequestAttributes request, CancellationToken cancellationToken)
    {
        if (!_kept.HasRoom)
        {
            return Result(await AskAsync(request, [], cancellationToken).ConfigureAwait(false));
        }

        ulong key = KeyOf(request);
        bool leads = _flights.Join(key, out TaskCompletionSource<Verdict> flight);
        if (leads)
        {
            _ = FlyAsync(request.Bag, key, flight);
            return Result(await flight.Task.WaitAsync(cancellationToken).ConfigureAwait(false));
        }

        _counters.CountShared();
        await flight.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (_kept.Find(request, out CheckResult result) >= KeptState.Due)
        {
            return result;
        }

        // The verdict was not for this request, or not for a second one.
        return Result(await AskAsync(request, [], cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Asks a question that takes from quotas: nobody shares it.</summary>
    /// <param name="request">Attributes of the caller's own; left as they are until the task has completed.</param>
    /// <param name="quotas">What to take.</param>
    /// <param name="cancellationToken">Ends the caller's wait.</param>
    /// <exception cref="MixerException">No server has answered, or one has refused to.</exception>
    public async ValueTask<Verdict> AskAsync(
        RequestAttributes request, IReadOnlyList<QuotaRequest> quotas, CancellationToken cancellationToken)
    {
        CheckQuestion question = _questions.Get();
        using Activity? activity = ClientDiagnostics.Activities.StartActivity("fastmixer.check", ActivityKind.Client);
        long started = _clock.GetTimestamp();
        try
        {
            question.Route = _options.Servers.RoutesAtRandom ? AnyRoute() : KeyOf(request);
            question.Quotas = quotas;
            question.Deadline = started + (long)(_options.Timeout.TotalSeconds * _clock.TimestampFrequency);
            Encode(question, request.Bag);
            ServedVerdict served = await _fleet.CheckAsync(question, cancellationToken).ConfigureAwait(false);
            activity?.SetTag("fastmixer.status", served.Verdict.Status.ToString());
            _counters.CountAnswer(_kept.Keep(request, served), _clock.GetElapsedTime(started));
            return served.Verdict;
        }
        catch (MixerException exception)
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
            throw;
        }
        finally
        {
            _questions.Return(question);
        }
    }

    /// <summary>Renews a kept verdict in the background, unless that is under way, or too much else is.</summary>
    /// <param name="request">The request; copied.</param>
    public void Renew(RequestAttributes request)
    {
        ulong key = KeyOf(request);
        if (Volatile.Read(ref _renewals) >= MaxRenewals || !_flights.Join(key, out TaskCompletionSource<Verdict> flight))
        {
            return;
        }

        Interlocked.Increment(ref _renewals);
        _ = RenewAsync(request.Bag, key, flight);
    }

    /// <summary>Forgets the pooled memory.</summary>
    public void Dispose() => (_questions as IDisposable)?.Dispose();

    private async Task RenewAsync(AttributeBag bag, ulong key, TaskCompletionSource<Verdict> flight)
    {
        await FlyAsync(bag, key, flight).ConfigureAwait(false);
        Interlocked.Decrement(ref _renewals);
        if (flight.Task.IsCompletedSuccessfully)
        {
            _counters.CountRenewal();
        }
    }

    // Ends the flight whatever happens, and throws nothing.
    private async Task FlyAsync(AttributeBag bag, ulong key, TaskCompletionSource<Verdict> flight)
    {
        RequestAttributes own = _space.Copy(bag);
        try
        {
            _flights.Land(key, flight, await AskAsync(own, [], CancellationToken.None).ConfigureAwait(false));
        }
        catch (Exception exception)
        {
            _flights.Crash(key, flight, exception);
        }
        finally
        {
            own.Dispose();
        }
    }

    private void Encode(CheckQuestion question, AttributeBag bag)
    {
        _encoder.WriteMap(question.BeyondBase, bag, _space.Base);
        if (_needsWhole)
        {
            _encoder.WriteMap(question.Whole, bag, root: null);
        }
    }

    // A request that fits no known set is like no other but one with the same attributes.
    private ulong KeyOf(RequestAttributes request)
    {
        if (_kept.Route(request) is var route and not 0)
        {
            return route;
        }

        CheckQuestion scratch = _questions.Get();
        try
        {
            _encoder.WriteMap(scratch.BeyondBase, request.Bag, _space.Base);
            return Math.Max(XxHash3.HashToUInt64(scratch.BeyondBase.Written), 1);
        }
        finally
        {
            _questions.Return(scratch);
        }
    }

#pragma warning disable CA5394 // Spreads load; nothing depends on its being hard to guess.
    private static ulong AnyRoute() => (ulong)Random.Shared.NextInt64(1, long.MaxValue);
#pragma warning restore CA5394

    /// <summary>What a server's verdict says to the caller.</summary>
    public static CheckResult Result(Verdict verdict) =>
        new(verdict.Status, CheckOrigin.Server, new VerdictText(verdict.Message, verdict.Directive), verdict.Quotas);

    private sealed class QuestionPolicy : PooledObjectPolicy<CheckQuestion>
    {
        public override CheckQuestion Create() => new();

        public override bool Return(CheckQuestion question)
        {
            question.Reset();
            return true;
        }
    }
}
