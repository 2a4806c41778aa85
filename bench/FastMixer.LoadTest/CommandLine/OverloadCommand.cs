using System.CommandLine;
using System.Globalization;
using FastMixer.LoadTest.Experiments;
using FastMixer.LoadTest.Report;

namespace FastMixer.LoadTest.CommandLine;

/// <summary>The subcommand for loads beyond what the server can answer.</summary>
internal static class OverloadCommand
{
    private const double MostFactor = 100;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var factors = new Option<string>("--loads")
        {
            HelpName = "LIST",
            DefaultValueFactory = static _ => "0.5,1,2,0.5",
            Description = "The loads one after the other, as multiples of the capacity",
        };
        var patience = Arguments.DurationOption("--patience", "100ms", "After how long a verdict is of no use any more; each check says so");
        var load = new RoundArguments(duration: "10s", warmup: "3s", connections: 16, depth: 32);
        var common = new ExperimentArguments();
        var command = new Command("overload", "What becomes of checks that come faster than they can be answered: verdicts in time, late, shed; and of the load after it.")
        {
            factors, patience,
        };
        load.AddTo(command);
        common.AddTo(command);
        command.SetAction(parsed =>
        {
            using var interruption = new Interruption();
            var settings = load.Read(parsed, rounds: 1);
            var setup = common.Read(parsed, settings with { Depth = null });
            var result = OverloadExperiment.Run(
                setup, ReadFactors(parsed.GetValue(factors)!), Arguments.Duration(parsed, patience), settings.EffectiveDepth, interruption.Token);
            ReportOutput.Write(setup.Json, result, OverloadReport.WriteText, OverloadReport.WriteJson);
            return result.Steps.All(static step => step.Failed == 0) ? ExitCode.Clean : ExitCode.WithErrors;
        });
        return command;
    }

    private static List<double> ReadFactors(string text)
    {
        var factors = new List<double>();
        foreach (var part in text.Split(','))
        {
            if (!double.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var factor) || factor is <= 0 or > MostFactor)
            {
                throw new LoadTestException($"--loads: '{part}' is no multiple above 0 up to {MostFactor}, like 2 or 0.5");
            }

            factors.Add(factor);
        }

        return factors;
    }
}
