using System.Diagnostics.Metrics;
using FastMixer.Engine.Reports.Accounting;
using FastMixer.Engine.Verdicts;

namespace FastMixer.Engine.Diagnostics;

/// <summary>
/// What the engine counts, as instruments of the meter <c>FastMixer.Engine</c>, to be watched with dotnet-counters or exported (spec/config.md,
/// Metrics). They are read when somebody asks; counting itself knows nothing of them.
/// </summary>
internal sealed class EngineMeter : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string Name = "FastMixer.Engine";

    private readonly Meter _meter = new(Name);

    /// <summary>The instruments of an engine.</summary>
    /// <param name="engine">The engine.</param>
    public EngineMeter(MixerEngine engine)
    {
        EngineCounters counters = engine.Counters;
        _meter.CreateObservableCounter(
            "fastmixer.rule.errors", () => ReadRuleErrors(engine), unit: "{error}", description: "Errors of a rule: of its match, of an instance, of a handler, of a header operation.");
        _meter.CreateObservableCounter(
            "fastmixer.records", () => ReadRecords(counters), unit: "{record}", description: "Records of reports by what became of them.");
        _meter.CreateObservableUpDownCounter(
            "fastmixer.records.held", () => counters.RecordsHeld, unit: "{record}", description: "Records that are neither delivered nor dropped yet.");
        _meter.CreateObservableCounter(
            "fastmixer.report.instances", () => ReadInstances(engine), unit: "{instance}", description: "Instances sent to each handler by what became of them.");
        _meter.CreateObservableUpDownCounter(
            "fastmixer.report.held", () => ReadHandlers(engine, static counts => counts.Held), unit: "{instance}", description: "Instances that wait for each handler.");
        _meter.CreateObservableCounter(
            "fastmixer.report.failures", () => ReadHandlers(engine, static counts => counts.FailedAttempts), unit: "{attempt}", description: "Attempts of each handler that failed.");
        _meter.CreateObservableCounter(
            "fastmixer.report.overflows", () => ReadHandlers(engine, static counts => counts.Overflows), unit: "{instance}", description: "Instances summed up in an overflow series.");
        _meter.CreateObservableCounter(
            "fastmixer.report.expired.series", () => ReadHandlers(engine, static counts => counts.ExpiredSeries), unit: "{series}", description: "Series that expired.");
        _meter.CreateObservableCounter(
            "fastmixer.handlers", () => ReadHandlers(counters), unit: "{handler}", description: "Handlers by what became of them when the configuration was replaced.");
        _meter.CreateObservableCounter(
            "fastmixer.config.drain.timeouts", () => counters.DrainTimeouts, unit: "{configuration}", description: "Replaced configurations that were still in use after a minute.");
    }

    /// <summary>Adds the instruments of the cache of verdicts.</summary>
    /// <param name="verdicts">The cache.</param>
    public void Add(VerdictCache verdicts)
    {
        VerdictCounters counters = verdicts.Counters;
        _meter.CreateObservableCounter(
            "fastmixer.verdicts.hits", () => counters.Hits, unit: "{check}", description: "Checks that the cache of verdicts has answered.");
        _meter.CreateObservableCounter(
            "fastmixer.verdicts.misses", () => ReadMisses(counters), unit: "{check}", description: "Checks that the cache of verdicts has not answered, by the reason.");
        _meter.CreateObservableCounter(
            "fastmixer.verdicts.renewals", () => ReadRenewals(counters), unit: "{renewal}", description: "Renewals of verdicts before their time was over.");
        _meter.CreateObservableUpDownCounter(
            "fastmixer.verdicts.entries", () => verdicts.EntryCounts.Entries, unit: "{verdict}", description: "Verdicts in the cache.");
        _meter.CreateObservableCounter(
            "fastmixer.verdicts.evicted", () => verdicts.EntryCounts.Evicted, unit: "{verdict}", description: "Verdicts that had to make way for others.");
    }

    /// <summary>Whether a meter is the one of these instruments.</summary>
    public bool Is(Meter meter) => meter == _meter;

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<long>> ReadRuleErrors(MixerEngine engine)
    {
        foreach ((string rule, RuleErrorCounts counts) in engine.RuleErrors)
        {
            yield return Of(counts.Match, rule, "match");
            yield return Of(counts.Instance, rule, "instance");
            yield return Of(counts.Handler, rule, "handler");
            yield return Of(counts.HeaderOperation, rule, "header operation");
        }

        static Measurement<long> Of(long count, string rule, string error) =>
            new(count, KeyValuePair.Create<string, object?>("rule", rule), KeyValuePair.Create<string, object?>("error", error));
    }

    private static IEnumerable<Measurement<long>> ReadMisses(VerdictCounters counters) => Enum.GetValues<MissReason>().Select(reason =>
        new Measurement<long>(counters.Misses(reason), KeyValuePair.Create<string, object?>("reason", reason switch
        {
            MissReason.UsedUp => "used up",
            _ => reason.ToString().ToLowerInvariant(),
        })));

    private static IEnumerable<Measurement<long>> ReadRenewals(VerdictCounters counters)
    {
        (long started, long renewed, long failed, long refused) = counters.Renewals;
        return [Of(started, "started"), Of(renewed, "renewed"), Of(failed, "failed"), Of(refused, "refused")];
    }

    private static IEnumerable<Measurement<long>> ReadHandlers(EngineCounters counters)
    {
        yield return Of(counters.HandlersKept, "kept");
        yield return Of(counters.HandlersCreated, "created");
        yield return Of(counters.HandlersEnded, "ended");
        yield return Of(counters.EndErrors, "failed to end");
    }

    private static IEnumerable<Measurement<long>> ReadRecords(EngineCounters counters)
    {
        yield return Of(counters.RecordsAccepted, "accepted");
        yield return Of(counters.RecordsRefused, "refused");
        yield return Of(counters.RecordsDelivered, "delivered");
        foreach (DropReason reason in Enum.GetValues<DropReason>())
        {
            yield return Of(counters.RecordsDropped(reason), "dropped: " + reason.Text());
        }
    }

    private static IEnumerable<Measurement<long>> ReadInstances(MixerEngine engine)
    {
        foreach ((string handler, HandlerCounters counts) in engine.Current.ReportCounters)
        {
            yield return OfHandler(counts.Sent, handler, "sent");
            yield return OfHandler(counts.Delivered, handler, "delivered");
            foreach (DropReason reason in Enum.GetValues<DropReason>())
            {
                yield return OfHandler(counts.Dropped(reason), handler, "dropped: " + reason.Text());
            }
        }

        static Measurement<long> OfHandler(long count, string handler, string outcome) =>
            new(count, KeyValuePair.Create<string, object?>("handler", handler), KeyValuePair.Create<string, object?>("outcome", outcome));
    }

    private static IEnumerable<Measurement<long>> ReadHandlers(MixerEngine engine, Func<HandlerCounters, long> count) =>
        engine.Current.ReportCounters.Select(pair => new Measurement<long>(count(pair.Value), KeyValuePair.Create<string, object?>("handler", pair.Key)));

    private static Measurement<long> Of(long count, string outcome) => new(count, KeyValuePair.Create<string, object?>("outcome", outcome));
}
