using System.CommandLine;
using FastMixer.Cli.Attributes;
using FastMixer.Cli.Explaining;
using FastMixer.Cli.Output;
using FastMixer.Policy.Language;
using FastMixer.Policy.Language.Explanation;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Cli.Commands;

/// <summary><c>fastmixer eval</c>: evaluates one expression.</summary>
internal static class EvalCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var expression = new Argument<string>("EXPR") { Description = "An expression, as in a rule's match or an instance's field" };
        var config = new Option<string?>("--config")
        {
            Description = "The folder of a policy, whose attribute manifests add to the standard vocabulary",
            HelpName = "DIR",
        };
        var request = new RequestOptions();
        var output = new OutputOption();
        var command = new ExampleCommand("eval", "Evaluates an expression over attributes: shows its type, its value, and what it looked up.")
        {
            Examples =
            [
                new("fastmixer eval '1 + 2'", "Constants need no attributes"),
                new("fastmixer eval 'source.user | \"nobody\"'", "What an absent attribute comes to"),
                new("fastmixer eval 'request.headers[\"cookie\"].startsWith(\"user=\")' -a 'request.headers[cookie]=user=jane'", "A header"),
                new("fastmixer eval 'response.duration > \"1s\"' --attributes request.json --output json", "For a script"),
                new("fastmixer eval 'billing.amount > 5' --config policy -a billing.amount=7", "An attribute that a policy declares"),
            ],
            ExitCodes = ["there is a value", "evaluation ended with an error", "the expression does not compile, or the command line or a file is wrong"],
        };
        command.Add(expression);
        request.AddTo(command);
        command.Add(config);
        output.AddTo(command);
        command.SetAction((parsed, _) => Guard.RunAsync(parsed, async () =>
        {
            Vocabulary vocabulary = parsed.GetValue(config) is { } folder
                ? ConfigFolder.LoadValid(folder, parsed.InvocationConfiguration.Error).Vocabulary
                : Vocabulary.Standard;
            AttributeSet attributes = request.ReadRequest(parsed, vocabulary);
            Evaluated evaluated = Evaluate(parsed.GetValue(expression)!, RequestBag.Of(attributes, vocabulary), vocabulary);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                output.Read(parsed) == OutputFormat.Json ? EvaluatedPrinter.Json(evaluated) : EvaluatedPrinter.Text(evaluated));
            return evaluated.Stage switch
            {
                null => ExitCode.Success,
                EvaluationStage.Evaluate => ExitCode.Negative,
                _ => ExitCode.Error,
            };
        }));
        return command;
    }

    private static Evaluated Evaluate(string text, AttributeBag attributes, Vocabulary vocabulary)
    {
        if (!ExpressionProbe.TryCompile(text, vocabulary, out ExpressionProbe? probe, out LanguageProblem? problem))
        {
            return Evaluated.Failed(EvaluationStage.Compile, problem.Message, text, problem.Offset);
        }

        ProbeResult result = probe.Evaluate(attributes);
        return result.Value is { } value
            ? new Evaluated { Value = value, Referenced = result.Referenced }
            : Evaluated.Failed(EvaluationStage.Evaluate, result.Error!, text, probe.Trace(attributes).Cause.Offset);
    }
}
