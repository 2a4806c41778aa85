using System.Buffers.Text;
using FastMixer.Engine.Reports.Metrics;
using FastMixer.Policy.Language.Evaluation;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Engine.Reports;

/// <summary>Evaluates the value of a metric to what its table adds. Immutable.</summary>
internal sealed class MetricValue
{
    private static readonly long NoNumber = BitConverter.DoubleToInt64Bits(double.NaN);

    private readonly Instance _instance;
    private readonly MetricColumn _column;
    private readonly InstanceField[] _fields;

    /// <summary>The value of a metric.</summary>
    /// <param name="instance">Its instance.</param>
    /// <param name="column">Where it is summed up.</param>
    public MetricValue(Instance instance, MetricColumn column)
    {
        _instance = instance;
        _column = column;
        _fields = column.ValueField < 0 ? [] : [instance.Fields[instance.IndexOf("value")]];
    }

    /// <summary>What became of an evaluation.</summary>
    public enum Result
    {
        /// <summary>There is a value that can be summed up.</summary>
        Valid,

        /// <summary>There is a value, but none that can be summed up.</summary>
        Invalid,

        /// <summary>There is an error, which the context tells.</summary>
        Error,
    }

    /// <summary>Evaluates.</summary>
    /// <param name="context">The record's.</param>
    /// <param name="room">Reused.</param>
    /// <param name="raw">The value as the table takes it.</param>
    public Result Evaluate(EvaluationContext context, InstanceValues room, out long raw)
    {
        raw = 0;
        if (!room.TryEvaluate(_instance, _fields, context, out _))
        {
            return Result.Error;
        }

        if (_fields.Length > 0)
        {
            raw = _fields[0].Type switch
            {
                AttributeType.Int64 or AttributeType.Duration or AttributeType.Double => room.GetInt64(0),
                var type when type.IsText() => Parse(room.GetBytes(0).Span),
                _ => NoNumber,
            };
        }

        return _column.IsValid(raw) ? Result.Valid : Result.Invalid;
    }

    private static long Parse(ReadOnlySpan<byte> text) => BitConverter.DoubleToInt64Bits(
        Utf8Parser.TryParse(text, out double number, out int read) && read == text.Length ? number : double.NaN);
}
