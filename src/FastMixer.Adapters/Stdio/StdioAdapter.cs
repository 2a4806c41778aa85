using FastMixer.Engine.Handlers;
using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;

namespace FastMixer.Adapters.Stdio;

/// <summary>Writes reports as JSON, an object a line, to standard output or standard error.</summary>
public sealed class StdioAdapter : Adapter
{
    /// <inheritdoc/>
    public override AdapterDescriptor Descriptor { get; } = new("stdio", ["logentry", "metric"], ReadParameters);

    /// <inheritdoc/>
    public override IHandler CreateHandler(HandlerDefinition definition, HandlerServices services)
    {
        var settings = (StdioSettings)definition.Parameters;
        return new StdioHandler(settings, settings.Stream == LogStream.Stdout ? services.StandardOutput : services.StandardError, services.Time);
    }

    private static StdioSettings ReadParameters(ParameterReader reader)
    {
        LogStream stream = reader.Choice("log_stream", LogStream.Stdout);
        var levels = new Dictionary<string, Level>(StringComparer.OrdinalIgnoreCase);
        foreach (ConfigField field in reader.Map("severity_levels"))
        {
            levels[field.Name] = ReadLevel(reader, field);
        }

        if (!reader.Bool("output_as_json", true))
        {
            reader.Fail(reader.Place, "\"output_as_json\" must be true: records are written as JSON lines only.");
        }

        return new StdioSettings(
            stream, levels, reader.Choice("metric_level", Level.Info), reader.Choice("output_level", Level.Info));
    }

    private static Level ReadLevel(ParameterReader reader, ConfigField field)
    {
        // Mixer's own examples have the numbers.
        string text = (field.Value as ScalarNode)?.Text ?? "";
        foreach (Level level in Enum.GetValues<Level>())
        {
            if (text.Equals(level.ToString(), StringComparison.OrdinalIgnoreCase) || text == level.ToString("D"))
            {
                return level;
            }
        }

        reader.Fail(field.Value.Place, $"\"{field.Name}\": expected INFO, WARNING or ERROR, found {field.Value.Describe()}.");
        return Level.Info;
    }
}

/// <summary>Where lines go.</summary>
internal enum LogStream
{
    /// <summary>Standard output.</summary>
    Stdout,

    /// <summary>Standard error.</summary>
    Stderr,
}

/// <summary>How much a record matters.</summary>
internal enum Level
{
    /// <summary>For the record.</summary>
    Info,

    /// <summary>Worth a look.</summary>
    Warning,

    /// <summary>Wrong.</summary>
    Error,
}

/// <summary>A stdio handler's parameters.</summary>
/// <param name="Stream">Where lines go.</param>
/// <param name="SeverityLevels">The level of each severity that is no level's own name; others are INFO.</param>
/// <param name="MetricLevel">The level of metrics.</param>
/// <param name="OutputLevel">The least level that is written.</param>
internal sealed record StdioSettings(
    LogStream Stream, IReadOnlyDictionary<string, Level> SeverityLevels, Level MetricLevel, Level OutputLevel);
