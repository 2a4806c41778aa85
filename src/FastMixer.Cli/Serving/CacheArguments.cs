using System.CommandLine;
using FastMixer.Caching;
using FastMixer.Caching.Keys;
using FastMixer.Cli.Commands;
using FastMixer.Engine.Verdicts;

namespace FastMixer.Cli.Serving;

/// <summary>The options that say how many verdicts a server keeps.</summary>
internal sealed class CacheArguments
{
    private readonly Option<long> _bytes = new("--cache")
    {
        Description = "Memory for verdicts that are kept, from 64KiB, such as 256MiB; 0 keeps none [default: 64MiB]",
        HelpName = "SIZE",
        CustomParser = result => SizeArgument.Parse(result, "--cache", StripedCacheOptions.MinBytes),
    };

    private readonly Option<int> _entries = new("--cache-entries")
    {
        Description = "How many verdicts are kept at most",
        HelpName = "N",
        DefaultValueFactory = _ => new VerdictCacheOptions().Entries,
    };

    private readonly Option<int> _sets = new("--cache-sets")
    {
        Description = "How many sets of referenced attributes are known at most; verdicts of a set more are not kept",
        HelpName = "N",
        DefaultValueFactory = _ => new VerdictCacheOptions().Sets,
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        _entries.Validators.Add(result => ServeCommand.RequireRange(result, 1, StripedCacheOptions.MaxEntries));
        _sets.Validators.Add(result => ServeCommand.RequireRange(result, 1, ReferenceSetDirectory.GreatestMaxSets));
        command.Add(_bytes);
        command.Add(_entries);
        command.Add(_sets);
    }

    /// <summary>What the command line says; null if no verdicts are kept.</summary>
    public VerdictCacheOptions? Read(ParseResult parsed)
    {
        var options = new VerdictCacheOptions { Entries = parsed.GetValue(_entries), Sets = parsed.GetValue(_sets) };
        options = parsed.GetResult(_bytes) is null ? options : options with { Bytes = parsed.GetValue(_bytes) };
        return options.Bytes == 0 ? null : options;
    }
}
