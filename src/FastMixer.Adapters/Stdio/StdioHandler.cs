using System.Text;
using FastMixer.Engine.Handlers;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Buffers;

namespace FastMixer.Adapters.Stdio;

/// <summary>
/// Writes one line a record. Lines gather in memory and are written when no more records are at hand, or when much has gathered. Used by one
/// report worker at a time; a stream that blocks holds that worker up, and so lets reports be refused, but never a check.
/// </summary>
internal sealed class StdioHandler(StdioSettings settings, Stream stream, TimeProvider time) : IReportHandler
{
    private const int FlushBytes = 32 * 1024;

    private readonly PooledBuffer _lines = new();

    // By name: a handler outlives the configuration that its instances came from, but not a change of them.
    private readonly Dictionary<string, RecordLayout> _layouts = new(StringComparer.Ordinal);
    private readonly RecordWriter _writer = new();
    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public bool TryReport(InstanceValues instance)
    {
        if (!_layouts.TryGetValue(instance.Instance.FullName, out RecordLayout? layout))
        {
            layout = new RecordLayout(instance.Instance);
            _layouts.Add(instance.Instance.FullName, layout);
        }

        Level level = layout.IsMetric ? settings.MetricLevel : LevelOf(instance, layout);
        if (level >= settings.OutputLevel)
        {
            lock (_gate)
            {
                _writer.Write(_lines, instance, layout, level, time);
                if (_lines.Length >= FlushBytes)
                {
                    WriteOut();
                }
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public void Flush()
    {
        lock (_gate)
        {
            WriteOut();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Flush();
        _lines.Dispose();
        return default;
    }

    private void WriteOut()
    {
        if (_lines.Length > 0)
        {
            try
            {
                stream.Write(_lines.Written);
                stream.Flush();
            }
            finally
            {
                // What a broken stream did not take is lost: kept, it would grow without bound.
                _lines.Reset();
            }
        }
    }

    private Level LevelOf(InstanceValues instance, RecordLayout layout)
    {
        if (layout.Severity < 0)
        {
            return Level.Info;
        }

        ReadOnlySpan<byte> severity = instance.GetBytes(layout.Severity).Span;
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
        string map = IsMetric ? "dimensions" : "variables";
        Variables = [.. Enumerable.Range(0, instance.Fields.Count).Where(field => instance.Fields[field].Path == map)];
    }

    /// <summary>Whether the record is a metric, not a log entry.</summary>
    public bool IsMetric { get; }

    /// <summary>The field of the severity, or −1.</summary>
    public int Severity { get; }

    /// <summary>The field of the time, or −1.</summary>
    public int Timestamp { get; }

    /// <summary>The field of a metric's value, or −1.</summary>
    public int Value { get; }

    /// <summary>The fields of a log entry's variables, or a metric's dimensions.</summary>
    public int[] Variables { get; }
}
