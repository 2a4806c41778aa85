using FastMixer.Engine.Checks;
using FastMixer.Engine.Diagnostics;
using FastMixer.Engine.Generators;
using FastMixer.Engine.Handlers;
using FastMixer.Engine.Snapshots;
using FastMixer.Policy.Language.Evaluation;
using FastMixer.Policy.Rules;
using FastMixer.Policy.Templates;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;

namespace FastMixer.Engine.Reports;

/// <summary>
/// The way of a report through the rules: each record upon the one before, the rules of its namespace in order, each action's instance to its
/// handler. Used by one worker; no allocation once grown.
/// </summary>
internal sealed class ReportDelivery(EngineCounters counters) : IDisposable
{
    private readonly EvaluationContext _context = new();
    private readonly GeneratorPath _generators = new(counters);
    private readonly GeneratedAttributes _generated = new();
    private readonly RuleCandidates _candidates = new();
    private readonly InstanceValues _values = new();
    private readonly HashSet<IReportHandler> _touched = [];
    private AttributeBag? _bag;

    /// <summary>Delivers all records of a message.</summary>
    public void Deliver(ReportMessage message, ProtocolLimits limits)
    {
        LiveSnapshot snapshot = message.Lease.Snapshot;
        _bag ??= new AttributeBag(snapshot.Selection);
        _bag.Reset(snapshot.Selection, message.Inherited);
        WireReader reader = _bag.Load(message.Body.Written);
        if (!MessageHeader.TryRead(ref reader, out MessageHeader header)
            || !ReportReader.TryStart(ref reader, header, limits, message.WordCount, padded: true, out ReportReader records))
        {
            throw new InvalidOperationException("A report that was checked when it came cannot be read again.");
        }

        int delivered = 0;
        while (records.TryReadNext(ref reader, _bag))
        {
            delivered += TryDeliver(snapshot, _bag) ? 1 : 0;
        }

        counters.CountDelivered(delivered);
    }

    /// <summary>Tells every handler that took something that no more is at hand.</summary>
    public void Flush()
    {
        foreach (IReportHandler handler in _touched)
        {
            try
            {
                handler.Flush();
            }
#pragma warning disable CA1031 // Whatever a handler throws, the worker goes on: all later reports depend on it.
            catch (Exception)
#pragma warning restore CA1031
            {
                counters.CountFlushError();
            }
        }

        _touched.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _context.Dispose();
        _generated.Dispose();
        _values.Dispose();
        _bag?.Dispose();
    }

    private bool TryDeliver(LiveSnapshot snapshot, AttributeBag bag)
    {
        _context.Reset(bag, snapshot.Policy.References);
        if (snapshot.Policy.Generators.Any && !TryGenerate(snapshot))
        {
            counters.CountDropped(DropReason.EvaluationError);
            return false;
        }

        snapshot.Policy.Reports.Find(_context).Find(_context, _candidates);
        bool whole = true;
        for (int i = 0; i < _candidates.Count; i++)
        {
            Rule rule = _candidates[i].Rule;
            if (RuleMatch.Evaluate(rule, _candidates[i].Rest, _context, counters) != RuleMatch.Result.Match)
            {
                continue;
            }

            for (int j = 0; j < rule.Actions.Count; j++)
            {
                if (rule.Actions[j].Instance.Template.Variety == Variety.Report && Send(snapshot, rule, rule.Actions[j]) is { } reason)
                {
                    // A record is dropped once, for the first reason.
                    if (whole)
                    {
                        counters.CountDropped(reason);
                    }

                    whole = false;
                }
            }
        }

        return whole;
    }

    // A generator that does not answer from memory holds up the worker, and nobody else.
    private bool TryGenerate(LiveSnapshot snapshot)
    {
        ValueTask<GeneratorFailure?> generated = _generators.RunAsync(snapshot, _context, _generated);
        return (generated.IsCompleted ? generated.Result : generated.AsTask().GetAwaiter().GetResult()) is null;
    }

    private DropReason? Send(LiveSnapshot snapshot, Rule rule, RuleAction action)
    {
        if (!_values.TryEvaluate(action.Instance, _context, out _))
        {
            counters.CountError(rule, RuleError.Instance);
            return DropReason.EvaluationError;
        }

        var handler = (IReportHandler)snapshot.Handlers[action.Handler];
        try
        {
            _touched.Add(handler);
            return handler.TryReport(_values) ? null : DropReason.HandlerFull;
        }
#pragma warning disable CA1031 // Whatever a handler throws, the other records go on.
        catch (Exception)
#pragma warning restore CA1031
        {
            counters.CountError(rule, RuleError.Handler);
            return DropReason.HandlerError;
        }
    }
}
