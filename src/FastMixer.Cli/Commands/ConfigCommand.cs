using System.CommandLine;
using FastMixer.Cli.Attributes;
using FastMixer.Cli.Explaining;
using FastMixer.Cli.Output;
using FastMixer.Policy.Rules;
using FastMixer.Server.Configuration;

namespace FastMixer.Cli.Commands;

/// <summary><c>fastmixer config</c>: looks at policies without serving them.</summary>
internal static class ConfigCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var command = new Command("config", "Checks and explains policies, without serving them.");
        command.Add(CreateValidate());
        command.Add(CreateExplain());
        return command;
    }

    private static Argument<string> Folder() => new("DIR") { Description = "The folder of a policy: every .yaml, .yml and .json file in it" };

    private static ExampleCommand CreateValidate()
    {
        Argument<string> folder = Folder();
        var output = new OutputOption();
        var command = new ExampleCommand("validate", "Checks a policy as `serve` does, and shows every problem: file:line:column: error: text.")
        {
            Examples =
            [
                new("fastmixer config validate policy", "Is the policy in this folder right?"),
                new("fastmixer config validate policy --output json", "For an editor or a pipeline"),
            ],
            ExitCodes = ["valid; there may be warnings", "not valid", "a wrong command line"],
        };
        command.Add(folder);
        output.AddTo(command);
        command.SetAction((parsed, _) => Guard.RunAsync(parsed, async () =>
        {
            PolicyLoad loaded = ConfigFolder.Load(parsed.GetValue(folder)!);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                output.Read(parsed) == OutputFormat.Json ? ProblemPrinter.Json(loaded) : ProblemPrinter.Text(loaded));
            return loaded.Policy is null ? ExitCode.Negative : ExitCode.Success;
        }));
        return command;
    }

    private static ExampleCommand CreateExplain()
    {
        Argument<string> folder = Folder();
        var request = new RequestOptions();
        var output = new OutputOption();
        var command = new ExampleCommand(
            "explain",
            "Shows what a policy does with one check: which rules could match, which do, what each part of their matches comes to, and what the verdict depends on.")
        {
            Examples =
            [
                new("fastmixer config explain policy -a request.path=/admin", "Why is /admin denied, or why not?"),
                new("fastmixer config explain policy --attributes request.json --output json", "For a script"),
            ],
            ExitCodes = ["explained", null, "a wrong command line, policy or attribute"],
        };
        command.Add(folder);
        request.AddTo(command);
        output.AddTo(command);
        command.SetAction((parsed, _) => Guard.RunAsync(parsed, async () =>
        {
            Snapshot policy = ConfigFolder.LoadValid(parsed.GetValue(folder)!, parsed.InvocationConfiguration.Error);
            AttributeSet attributes = request.ReadRequest(parsed, policy.Vocabulary);
            Explanation explanation = Explainer.Explain(policy, RequestBag.Of(attributes, policy.Vocabulary));
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                output.Read(parsed) == OutputFormat.Json ? ExplanationPrinter.Json(explanation) : ExplanationPrinter.Text(explanation));
            return ExitCode.Success;
        }));
        return command;
    }
}
