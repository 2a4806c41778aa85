using FastMixer.Engine.Reports.Metrics;
using FastMixer.Policy.Language.Evaluation;
using FastMixer.Policy.Rules;

namespace FastMixer.Engine.Reports;

/// <summary>The dimensions of the record at hand, evaluated once for all metrics that have them in common. Used by one worker.</summary>
internal sealed class DimensionMemory : IDisposable
{
    private Known[] _known = [];
    private long _record;

    /// <summary>Begins a message.</summary>
    /// <param name="plan">Of its configuration.</param>
    public void Begin(ReportPlan plan)
    {
        if (plan.Groups > _known.Length)
        {
            _known = [.. _known, .. Enumerable.Range(0, plan.Groups - _known.Length).Select(_ => new Known())];
        }
    }

    /// <summary>Begins another record.</summary>
    public void BeginRecord() => _record++;

    /// <summary>The dimensions of a group for the record at hand.</summary>
    /// <param name="group">The group.</param>
    /// <param name="context">The record's.</param>
    /// <param name="encoded">Their values, valid until the next record.</param>
    /// <param name="hash">The hash of these.</param>
    /// <returns>False after an error, which the context tells.</returns>
    public bool TryGet(DimensionGroup group, EvaluationContext context, out ReadOnlySpan<byte> encoded, out ulong hash)
    {
        Known known = _known[group.Index];
        if (known.Record != _record)
        {
            known.Evaluate(group, context);
            known.Record = _record;
        }

        encoded = known.Encoded;
        hash = known.Hash;
        return known.IsValid;
    }

    /// <summary>Lets go of the configuration.</summary>
    public void Release() => Array.ForEach(_known, known => known.Release());

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_known, known => known.Dispose());

    private sealed class Known : IDisposable
    {
        private readonly InstanceValues _values = new();
        private byte[] _encoded = new byte[512];
        private int _length;

        public long Record { get; set; }

        public bool IsValid { get; private set; }

        public ReadOnlySpan<byte> Encoded => _encoded.AsSpan(0, _length);

        public ulong Hash { get; private set; }

        public void Evaluate(DimensionGroup group, EvaluationContext context)
        {
            IsValid = _values.TryEvaluate(group.Instance, group.Fields, context, out _);
            _length = IsValid ? _values.EncodedLength : 0;
            if (_length > _encoded.Length)
            {
                _encoded = new byte[_length * 2];
            }

            _values.EncodeTo(_encoded.AsSpan(0, _length));
            Hash = MetricTable.HashOf(Encoded);
        }

        public void Release() => _values.Release();

        public void Dispose() => _values.Dispose();
    }
}
