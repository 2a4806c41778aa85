using FastMixer.Engine.Checks;
using FastMixer.Engine.Diagnostics;
using FastMixer.Engine.Generators;
using FastMixer.Engine.Reports.Accounting;
using FastMixer.Engine.Reports.Delivery;
using FastMixer.Engine.Snapshots;
using FastMixer.Policy.Language.Evaluation;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;

namespace FastMixer.Engine.Reports;

/// <summary>
/// The way of a report through the rules: each record upon the one before, the rules of its namespace in order, each action's instance to the ring of
/// its handler. Every record of it comes to an end, whatever the bytes are. Used by one worker; no allocation once grown.
/// </summary>
/// <param name="counters">What is counted.</param>
/// <param name="faults">Where errors of the server itself are told.</param>
internal sealed class ReportDelivery(EngineCounters counters, ReportFaults faults) : IDisposable
{
    private readonly EvaluationContext _context = new();
    private readonly GeneratorPath _generators = new(counters);
    private readonly GeneratedAttributes _generated = new();
    private readonly RuleCandidates _candidates = new();
    private readonly InstanceValues _values = new();
    private readonly DimensionMemory _dimensions = new();
    private readonly HashSet<ReportWorker> _touched = [];
    private readonly ProtocolLimits _limits = ProtocolLimits.Default with
    {
        // Already checked against the listener's limits.
        MaxAttributes = int.MaxValue,
        MaxMapEntries = int.MaxValue,
        MaxNameBytes = int.MaxValue,
        MaxValueBytes = int.MaxValue,
        MaxRecords = int.MaxValue,
    };

    private long[] _metricValues = new long[16];
    private AttributeBag? _bag;
    private ReportTicket _ticket = null!;
    private int _record;
    private int _sent;

    /// <summary>Sends all records of a message on to the handlers that they are for; those that cannot be read are dropped. Does not throw.</summary>
    /// <param name="message">The message; its lease stays with the caller.</param>
    /// <param name="body">Its bytes.</param>
    public void Deliver(in ReportMessage message, ReadOnlySpan<byte> body)
    {
        _ticket = message.Ticket;
        _record = 0;
        _sent = 0;
        DropReason rest = DropReason.Malformed;
        try
        {
            Read(message, body);
        }
#pragma warning disable CA1031 // One message must not end the thread that all others need.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            rest = DropReason.InternalError;
            faults.Tell(exception);
            ForgetBag();
        }

        for (; _record < _ticket.Records; _record++)
        {
            _ticket.Drop(_record, rest);
        }

        _ticket.EndReading(_sent);
    }

    /// <summary>Wakes the handlers to which something was sent, and lets go of the configuration.</summary>
    public void Flush()
    {
        foreach (ReportWorker worker in _touched)
        {
            worker.Wake();
        }

        _touched.Clear();
    }

    /// <summary>Lets go of the configuration, so that a worker that rests does not keep a replaced one in memory.</summary>
    public void Release()
    {
        Flush();
        _context.Release();
        _candidates.Release();
        _dimensions.Release();
        _values.Release();
        ForgetBag();
        _ticket = null!;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _context.Dispose();
        _generated.Dispose();
        _values.Dispose();
        _dimensions.Dispose();
        _bag?.Dispose();
    }

    // Up to the first record that cannot be read, or all.
    private void Read(in ReportMessage message, ReadOnlySpan<byte> body)
    {
        LiveSnapshot snapshot = message.Lease.Snapshot;
        _bag ??= new AttributeBag(snapshot.Selection);
        _bag.Reset(snapshot.Selection, message.Inherited);
        WireReader reader = _bag.Load(body);
        if (!MessageHeader.TryRead(ref reader, out MessageHeader header)
            || !ReportReader.TryStart(ref reader, header, _limits, message.WordCount, padded: true, out ReportReader records))
        {
            return;
        }

        _dimensions.Begin(snapshot.Reports);
        for (; _record < _ticket.Records && records.TryReadNext(ref reader, _bag); _record++)
        {
            TryDeliver(snapshot, _bag);
        }
    }

    private void ForgetBag()
    {
        _bag?.Dispose();
        _bag = null;
    }

    private void TryDeliver(LiveSnapshot snapshot, AttributeBag bag)
    {
        try
        {
            Deliver(snapshot, bag);
        }
#pragma warning disable CA1031 // A generator may throw whatever it likes: its record is dropped, and the others go on.
        catch (Exception)
#pragma warning restore CA1031
        {
            _ticket.Drop(_record, DropReason.EvaluationError);
        }
    }

    private void Deliver(LiveSnapshot snapshot, AttributeBag bag)
    {
        _context.Reset(bag, snapshot.Policy.References);
        if (snapshot.Policy.Generators.Any && !TryGenerate(snapshot))
        {
            _ticket.Drop(_record, DropReason.EvaluationError);
            return;
        }

        _dimensions.BeginRecord();
        snapshot.Policy.Reports.Find(_context).Find(_context, _candidates);
        for (int i = 0; i < _candidates.Count; i++)
        {
            Rule rule = _candidates[i].Rule;
            if (RuleMatch.Evaluate(rule, _candidates[i].Rest, _context, counters) == RuleMatch.Result.Match)
            {
                foreach (Shipment shipment in snapshot.Reports.Of(rule))
                {
                    Send(rule, shipment);
                }
            }
        }
    }

    // A generator that does not answer from memory holds up the worker, and nobody else.
    private bool TryGenerate(LiveSnapshot snapshot)
    {
        ValueTask<GeneratorFailure?> generated = _generators.RunAsync(snapshot, _context, _generated);
        return (generated.IsCompleted ? generated.Result : generated.AsTask().GetAwaiter().GetResult()) is null;
    }

    private void Send(Rule rule, Shipment shipment)
    {
        ReportWorker worker = shipment.Worker;
        var tag = new SentTag(shipment.Plan, _ticket, _record);
        if (shipment.Plan.Instance is { } instance)
        {
            if (!_values.TryEvaluate(instance, _context, out _))
            {
                Fail(rule, shipment, DropReason.EvaluationError);
                return;
            }

            NoteSent(worker, worker.TrySend(tag, _values));
            return;
        }

        DropReason? failure = EvaluateMetrics(shipment, out ReadOnlySpan<byte> dimensions, out ulong hash);
        if (failure is { } reason)
        {
            Fail(rule, shipment, reason);
            return;
        }

        NoteSent(worker, worker.TrySend(tag, hash, _metricValues.AsSpan(0, shipment.Values.Length), dimensions));
    }

    private DropReason? EvaluateMetrics(Shipment shipment, out ReadOnlySpan<byte> dimensions, out ulong hash)
    {
        if (!_dimensions.TryGet(shipment.Dimensions!, _context, out dimensions, out hash))
        {
            return DropReason.EvaluationError;
        }

        if (shipment.Values.Length > _metricValues.Length)
        {
            _metricValues = new long[shipment.Values.Length];
        }

        for (int i = 0; i < shipment.Values.Length; i++)
        {
            MetricValue.Result result = shipment.Values[i].Evaluate(_context, _values, out _metricValues[i]);
            if (result != MetricValue.Result.Valid)
            {
                return result == MetricValue.Result.Error ? DropReason.EvaluationError : DropReason.InvalidValue;
            }
        }

        return null;
    }

    private void NoteSent(ReportWorker worker, bool sent)
    {
        if (sent)
        {
            _sent++;
            _touched.Add(worker);
        }
        else
        {
            _ticket.Drop(_record, DropReason.HandlerFull);
        }
    }

    private void Fail(Rule rule, Shipment shipment, DropReason reason)
    {
        if (reason == DropReason.EvaluationError)
        {
            counters.CountError(rule, RuleError.Instance);
        }

        _ticket.Drop(_record, reason);
        shipment.Worker.CountNotSent(reason, shipment.Plan.Count);
    }
}
