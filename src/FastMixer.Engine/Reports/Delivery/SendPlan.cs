using FastMixer.Engine.Reports.Accounting;
using FastMixer.Engine.Reports.Metrics;
using FastMixer.Policy.Rules;

namespace FastMixer.Engine.Reports.Delivery;

/// <summary>What a rule sends to a handler in one piece: an instance as it is, or the values of metrics that have their dimensions in common. Immutable.</summary>
internal sealed class SendPlan
{
    /// <summary>An instance as it is.</summary>
    public SendPlan(Instance instance)
    {
        Instance = instance;
        Count = 1;
    }

    /// <summary>Values of metrics.</summary>
    /// <param name="table">Where they are summed up.</param>
    /// <param name="columns">Which of its metrics they are, in the order of the values.</param>
    public SendPlan(MetricTable table, int[] columns)
    {
        Table = table;
        Columns = columns;
        Count = columns.Length;
    }

    /// <summary>The instance, unless it is metrics.</summary>
    public Instance? Instance { get; }

    /// <summary>Where metrics are summed up, or null.</summary>
    public MetricTable? Table { get; }

    /// <summary>Which metrics of the table.</summary>
    public int[] Columns { get; } = [];

    /// <summary>How many instances it is.</summary>
    public int Count { get; }
}

/// <summary>What goes with a record in a handler's ring.</summary>
/// <param name="Plan">What its bytes are: encoded fields; or of metrics a <see cref="MetricPayload"/>.</param>
/// <param name="Ticket">Where its end is told.</param>
/// <param name="Record">Which record of the message it is of.</param>
internal readonly record struct SentTag(SendPlan Plan, ReportTicket Ticket, int Record);
