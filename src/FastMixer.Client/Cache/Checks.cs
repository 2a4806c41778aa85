using FastMixer.Client.Attributes;
using FastMixer.Client.Diagnostics;
using FastMixer.Client.Fleet;
using FastMixer.Client.Quotas;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;

namespace FastMixer.Client.Cache;

/// <summary>
/// The way of a check in a sidecar: a kept verdict, else the fleet, else a kept verdict whose time is over, else what the options say. Thread-safe.
/// </summary>
internal sealed class Checks : IDisposable
{
    private readonly AttributeSpace _space;
    private readonly KeptVerdicts _kept;
    private readonly RemoteChecks _remote;
    private readonly IQuotas _quotas;
    private readonly FailurePolicy _failure;
    private readonly CheckCounters _counters = new();

    /// <summary>The way of a client's checks.</summary>
    /// <param name="options">The client's options.</param>
    /// <param name="space">The client's attributes.</param>
    /// <param name="fleet">The servers.</param>
    /// <param name="quotas">What is taken ahead.</param>
    /// <param name="clock">The clock.</param>
    public Checks(MixerClientOptions options, AttributeSpace space, IFleet fleet, IQuotas quotas, TimeProvider clock)
    {
        _space = space;
        _quotas = quotas;
        _kept = new KeptVerdicts(options, space.Vocabulary, fleet.Policies, clock);
        _remote = new RemoteChecks(options, space, fleet, _kept, clock, _counters);
        _failure = new FailurePolicy(options, space.Vocabulary);
    }

    /// <summary>What was counted.</summary>
    public CheckCounts Counts => _counters.Read(_kept.Hits);

    /// <summary>Answers a check that takes from no quota.</summary>
    /// <param name="request">The request; free when the call returns.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<CheckResult> CheckAsync(RequestAttributes request, CancellationToken cancellationToken)
    {
        KeptState state = Find(request, out CheckResult result);
        return state >= KeptState.Due
            ? new ValueTask<CheckResult>(result)
            : AskAsync(_space.Copy(request.Bag), [], cancellationToken);
    }

    /// <summary>Answers a check that takes from quotas.</summary>
    /// <param name="request">The request; free when the call returns.</param>
    /// <param name="quotas">What to take.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<CheckResult> CheckAsync(RequestAttributes request, IReadOnlyList<QuotaRequest> quotas, CancellationToken cancellationToken)
    {
        KeptState state = Find(request, out CheckResult result);
        if (state >= KeptState.Due && !result.IsAllowed)
        {
            return new ValueTask<CheckResult>(result);
        }

        return state >= KeptState.Due && _quotas.TryTake(request.Bag, quotas, out IReadOnlyList<QuotaGrant>? grants)
            ? new ValueTask<CheckResult>(QuotaOutcome.Of(result, quotas, grants))
            : AskAsync(_space.Copy(request.Bag), quotas, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _remote.Dispose();

    private KeptState Find(RequestAttributes request, out CheckResult result)
    {
        KeptState state = _kept.Find(request, out result);
        if (state == KeptState.Due)
        {
            _remote.Renew(request);
        }

        return state;
    }

    private async ValueTask<CheckResult> AskAsync(RequestAttributes own, IReadOnlyList<QuotaRequest> quotas, CancellationToken cancellationToken)
    {
        using (own)
        {
            try
            {
                return quotas.Count == 0
                    ? await _remote.AskAsync(own, cancellationToken).ConfigureAwait(false)
                    : await TakeAsync(own, quotas, cancellationToken).ConfigureAwait(false);
            }
            catch (MixerException exception) when (!IsRefusal(exception))
            {
                return WithoutServers(own, takes: quotas.Count > 0, exception);
            }
            catch (MixerErrorException)
            {
                _counters.CountRefused();
                throw;
            }
        }
    }

    private async ValueTask<CheckResult> TakeAsync(RequestAttributes own, IReadOnlyList<QuotaRequest> quotas, CancellationToken cancellationToken)
    {
        Verdict verdict = await _remote.AskAsync(own, quotas, cancellationToken).ConfigureAwait(false);
        _quotas.Learn(own.Bag, quotas, verdict);
        return QuotaOutcome.Of(RemoteChecks.Result(verdict), quotas, verdict.Quotas);
    }

    // What a server finds wrong with the request itself is for the caller to mend: no other server would find otherwise.
    private static bool IsRefusal(MixerException exception) => exception is MixerErrorException
    {
        Code: ErrorCode.UnknownWord or ErrorCode.WrongType or ErrorCode.DuplicateAttribute or ErrorCode.InvalidUtf8 or ErrorCode.LimitExceeded
    };

    // A verdict that was kept says nothing of quotas: it may deny a request that takes from some, and not allow it.
    private CheckResult WithoutServers(RequestAttributes own, bool takes, MixerException cause)
    {
        if (_kept.Find(own, out CheckResult kept) > KeptState.Absent && !(takes && kept.IsAllowed))
        {
            _counters.CountStale(kept.Origin);
            return kept;
        }

        FailureMode mode = _failure.For(own.Bag);
        _counters.CountUnavailable(mode);
        return FailurePolicy.Result(mode, cause);
    }
}
