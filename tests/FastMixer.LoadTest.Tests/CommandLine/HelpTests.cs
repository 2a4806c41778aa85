using System.CommandLine;
using System.Text.RegularExpressions;
using FastMixer.LoadTest.CommandLine;

namespace FastMixer.LoadTest.Tests.CommandLine;

public sealed partial class HelpTests
{
    private static readonly RootCommand Root = new LoadCommand().Create();

    public static TheoryData<string> Commands => [.. Root.Subcommands.Where(static command => !command.Hidden).SelectMany(WithParts)];

    public static TheoryData<string> Examples =>
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "README.md")).Concat(Commands.SelectMany(static command => Help(command.Data).Split('\n')))
            .Concat(Help("").Split('\n')).Select(static line => Example().Match(line)).Where(static match => match.Success)
            .Select(static match => match.Groups["arguments"].Value).Distinct(),
    ];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Help_OfACommandOrItsPart_HasExamplesOfIt(string command) =>
        Assert.Contains($"\n  fastmixer-loadtest {command} ", Help(command).ReplaceLineEndings("\n"), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Examples))]
    public void Examples_OfTheHelpAndTheReadme_AreCommandLines(string arguments) => Assert.Empty(Root.Parse(arguments.Replace("$(pidof fastmixer)", "1", StringComparison.Ordinal)).Errors);

    private static IEnumerable<string> WithParts(Command command) =>
        command.Subcommands.Count == 0 ? [command.Name] : command.Subcommands.Select(part => $"{command.Name} {part.Name}");

    private static string Help(string command)
    {
        using var output = new StringWriter();
        Root.Parse($"{command} --help").Invoke(new InvocationConfiguration { Output = output });
        return output.ToString();
    }

    // What follows the name up to two blanks, behind which stands what it does, or a comment.
    [GeneratedRegex(@"^ *(fastmixer-)?loadtest (?<arguments>.*?)\s*($|  |#|;)")]
    private static partial Regex Example();
}
