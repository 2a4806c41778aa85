using System.CommandLine;
using FastMixer.Cli.Attributes;
using FastMixer.Cli.Output;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Cli.Commands;

/// <summary>The options that say what a request is like: <c>-a NAME=VALUE</c> and <c>--attributes FILE.json</c>.</summary>
internal sealed class RequestOptions
{
    private readonly Option<string[]> _attributes = new("--attribute", "-a")
    {
        Description = "An attribute, typed by its vocabulary; NAME[KEY]=VALUE for one entry of a STRING_MAP. "
            + "May be given often, and overrides the file",
        HelpName = "NAME=VALUE",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<string?> _file = new("--attributes")
    {
        Description = "A file of attributes, as a JSON object from names to values",
        HelpName = "FILE.json",
    };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Add(_attributes);
        command.Add(_file);
    }

    /// <summary>
    /// The attributes of one request: the file's, and over them those of the command line. Warnings go to standard error.
    /// </summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="vocabulary">The attributes that are known; null for the standard ones.</param>
    /// <exception cref="InputException">Some are wrong.</exception>
    public AttributeSet ReadRequest(ParseResult parsed, Vocabulary? vocabulary = null)
    {
        IReadOnlyList<AttributeSet> records = ReadRecords(parsed, vocabulary);
        return records.Count == 1
            ? records[0]
            : throw new InputException(
                $"{parsed.GetValue(_file)}: expected one object, found an array of {records.Count}; "
                + "only `fastmixer report` takes several records");
    }

    /// <summary>
    /// The attributes of one record or more: the file's, and over each those of the command line. Warnings go to standard error.
    /// </summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="vocabulary">The attributes that are known; null for the standard ones.</param>
    /// <exception cref="InputException">Some are wrong.</exception>
    public IReadOnlyList<AttributeSet> ReadRecords(ParseResult parsed, Vocabulary? vocabulary = null)
    {
        var findings = new Findings(vocabulary ?? Vocabulary.Standard);
        string? file = parsed.GetValue(_file);
        IReadOnlyList<AttributeSet> records = file is null ? [new AttributeSet()] : AttributeFile.Read(file, findings);
        if (records.Count == 0)
        {
            throw new InputException($"{file}: the array is empty; expected an object for each record");
        }

        string[] assignments = parsed.GetValue(_attributes) ?? [];
        foreach (AttributeSet record in records)
        {
            // The problems of the command line are the same for each record.
            AttributeParser.Apply(assignments, record, record == records[0] ? findings : new Findings(findings.Vocabulary));
        }

        foreach (string warning in findings.Warnings)
        {
            parsed.InvocationConfiguration.Error.WriteLine($"fastmixer: warning: {Printable.Line(warning)}");
        }

        findings.ThrowIfProblems();
        return records;
    }
}
