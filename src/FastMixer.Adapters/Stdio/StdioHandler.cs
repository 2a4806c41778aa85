using System.Text;
using FastMixer.Engine.Handlers;
using FastMixer.Engine.Reports.Delivery;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Buffers;

namespace FastMixer.Adapters.Stdio;

/// <summary>
/// Writes one line a record, and all lines of a batch at once. A stream that blocks holds up the handler's own worker, and so lets its instances be
/// dropped, but no check and no other handler.
/// </summary>
internal sealed class StdioHandler(StdioSettings settings, Stream stream, TimeProvider time) : IReportHandler
{
    private readonly PooledBuffer _lines = new();

    // By name: a handler outlives the configuration that its instances came from, but not a change of them.
    private readonly Dictionary<string, RecordLayout> _layouts = new(StringComparer.Ordinal);
    private readonly RecordWriter _writer = new();

    /// <inheritdoc/>
    public ValueTask DeliverAsync(ReportBatch batch, CancellationToken cancellationToken)
    {
        _lines.Reset();
        for (int i = 0; i < batch.Count; i++)
        {
            Write(batch[i]);
        }

        WriteOut();
        return default;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _lines.Dispose();
        return default;
    }

    private void WriteOut()
    {
        if (_lines.Length > 0)
        {
            stream.Write(_lines.Written);
            stream.Flush();
        }
    }

    private void Write(ReportRecord record)
    {
        if (!_layouts.TryGetValue(record.Instance.FullName, out RecordLayout? layout))
        {
            layout = new RecordLayout(record.Instance);
            _layouts.Add(record.Instance.FullName, layout);
        }

        Level level = layout.IsMetric ? settings.MetricLevel : LevelOf(record, layout);
        if (level >= settings.OutputLevel)
        {
            _writer.Write(_lines, record, layout, level, time);
        }
    }

    private Level LevelOf(ReportRecord record, RecordLayout layout)
    {
        if (layout.Severity < 0)
        {
            return Level.Info;
        }

        ReadOnlySpan<byte> severity = record.Fields.GetBytes(layout.Severity);
        foreach ((string name, Level level) in settings.SeverityLevels)
        {
            if (EqualsIgnoringCase(severity, name))
            {
                return level;
            }
        }

        return EqualsIgnoringCase(severity, "error") ? Level.Error : EqualsIgnoringCase(severity, "warning") ? Level.Warning : Level.Info;
    }

    private static bool EqualsIgnoringCase(ReadOnlySpan<byte> utf8, string text) => Ascii.EqualsIgnoreCase(utf8, text);
}

/// <summary>Where in an instance's fields what is needed for a line stands.</summary>
internal sealed class RecordLayout
{
    /// <summary>The layout of an instance.</summary>
    public RecordLayout(Instance instance)
    {
        IsMetric = instance.Template.Name == "metric";
        Severity = instance.IndexOf("severity");
        Timestamp = instance.IndexOf("timestamp");
        Value = instance.IndexOf("value");
        string? map = instance.Template.Name switch
        {
            "metric" => "dimensions",
            "logentry" => "variables",
            _ => null,
        };
        Variables = [.. Enumerable.Range(0, instance.Fields.Count).Where(field => map is null ? field != Timestamp : instance.Fields[field].Path == map)];
    }

    /// <summary>Whether the record is a metric, not a log entry.</summary>
    public bool IsMetric { get; }

    /// <summary>The field of the severity, or −1.</summary>
    public int Severity { get; }

    /// <summary>The field of the time, or −1.</summary>
    public int Timestamp { get; }

    /// <summary>The field of a metric's value, or −1.</summary>
    public int Value { get; }

    /// <summary>The fields of a log entry's variables, or a metric's dimensions; of others, all but the time.</summary>
    public int[] Variables { get; }
}
