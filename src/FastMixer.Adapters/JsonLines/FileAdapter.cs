using FastMixer.Engine.Handlers;
using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;

namespace FastMixer.Adapters.JsonLines;

/// <summary>Writes reports as JSON, an object a line, to a file that is put aside when it is large or old.</summary>
public sealed class FileAdapter : Adapter
{
    private const int MostMegabytes = 1_000_000;
    private const int MostDays = 36_500;
    private const int MostFiles = 1_000_000;

    /// <inheritdoc/>
    public override AdapterDescriptor Descriptor { get; } = new("file", ["logentry", "metric", "tracespan", "edge"], ReadParameters);

    /// <inheritdoc/>
    public override IHandler CreateHandler(HandlerDefinition definition, HandlerServices services) =>
        new FileHandler((FileSettings)definition.Parameters, services.Time);

    private static FileSettings ReadParameters(ParameterReader reader) => new(
        reader.RequiredText("path")?.Text ?? "",
        reader.Int64("max_megabytes_before_rotation", 100, 1, MostMegabytes) * 1024 * 1024,
        TimeSpan.FromDays(reader.Int32("max_days_before_rotation", 30, 1, MostDays)),
        reader.Int32("max_rotated_files", 1000, 0, MostFiles));
}

/// <summary>A file handler's parameters.</summary>
/// <param name="Path">The file.</param>
/// <param name="MaxBytes">How large it may get.</param>
/// <param name="MaxAge">How long it may be written to.</param>
/// <param name="MaxRotated">How many files that were put aside are kept.</param>
internal sealed record FileSettings(string Path, long MaxBytes, TimeSpan MaxAge, int MaxRotated);
