using System.CommandLine;
using FastMixer.LoadTest.Experiments;
using FastMixer.LoadTest.Fleet;
using FastMixer.LoadTest.Load;

namespace FastMixer.LoadTest.CommandLine;

/// <summary>The options that all parts of the fleet command have, with the defaults of one of them.</summary>
/// <param name="length">How long the load lasts.</param>
/// <param name="keys">How many different requests there are.</param>
/// <param name="cacheEntries">How many verdicts each server keeps.</param>
internal sealed class FleetArguments(string length, int keys, int cacheEntries)
{
    private readonly Option<string> _length = Arguments.DurationOption("--duration", length, "How long the load lasts");
    private readonly Option<int> _sidecars = Arguments.Number("--sidecars", 32, "Simulated sidecars, each a client of its own");
    private readonly Option<int> _rate = Arguments.Number("--rate", 2000, "Checks a second, of all sidecars together");
    private readonly Option<string> _timeout = Arguments.DurationOption("--timeout", "1s", "How long a check may take, with all the servers that are tried");
    private readonly Option<int> _keys = Arguments.Number("--keys", keys, "How many different requests there are");

    private readonly Option<double> _zipf = new("--zipf")
    {
        HelpName = "EXPONENT",
        Description = "How steeply their popularity falls with their rank; 0 for evenly",
        DefaultValueFactory = static _ => 0.8,
    };

    private readonly Option<int> _cacheEntries = Arguments.Number("--cache-entries", cacheEntries, "How many verdicts each of the four servers keeps");
    private readonly ExperimentArguments _common = new();

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (ReadOnlySpan<Option>)[_length, _sidecars, _rate, _timeout, _keys, _zipf, _cacheEntries])
        {
            command.Add(option);
        }

        _common.AddTo(command);
    }

    /// <summary>Reads them; binds this process to its CPU.</summary>
    public (ExperimentSetup Setup, FleetSetting Setting) Read(ParseResult parsed)
    {
        var whole = Arguments.Length(parsed, _length);
        var zipf = parsed.GetValue(_zipf);
        Arguments.Require(zipf is >= 0 and <= 10, "--zipf: expected 0 to 10");
        var setting = new FleetSetting
        {
            Sidecars = Arguments.Number(parsed, _sidecars, 1, 1000),
            Rate = Arguments.Number(parsed, _rate, 1, 100_000),
            Length = whole,
            Timeout = Arguments.Duration(parsed, _timeout),
            Keys = Arguments.Number(parsed, _keys, 1, 1_000_000),
            Zipf = zipf,
            CacheEntries = Arguments.Number(parsed, _cacheEntries, 1, 1_000_000),
        };
        var load = new RoundSettings { Connections = setting.Sidecars, Duration = whole, Warmup = TimeSpan.Zero, Rounds = 1 };
        return (_common.Read(parsed, load), setting);
    }
}
