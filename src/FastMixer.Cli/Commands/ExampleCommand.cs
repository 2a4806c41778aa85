using System.CommandLine;

namespace FastMixer.Cli.Commands;

/// <summary>One line that a person can copy, and what it does.</summary>
/// <param name="Line">The command line.</param>
/// <param name="Meaning">What it does.</param>
internal sealed record Example(string Line, string Meaning);

/// <summary>A command whose help ends with examples and the exit codes.</summary>
/// <param name="name">The command's name.</param>
/// <param name="description">What it is for.</param>
internal sealed class ExampleCommand(string name, string description) : Command(name, description)
{
    /// <summary>The examples, from the simplest.</summary>
    public IReadOnlyList<Example> Examples { get; init; } = [];

    /// <summary>Whether the command ends by itself, in its own time, when the process is told to stop.</summary>
    public bool HandlesSignals { get; init; }

    /// <summary>What the command's exit codes mean, in the order 0, 1, 2; null for one that it never ends with.</summary>
    public IReadOnlyList<string?> ExitCodes { get; init; } = [];
}
