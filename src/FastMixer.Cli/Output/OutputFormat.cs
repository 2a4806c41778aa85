namespace FastMixer.Cli.Output;

/// <summary>For whom output is.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>For programs: one JSON object on one line.</summary>
    Json,
}
