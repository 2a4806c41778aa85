using FastMixer.Engine.Handlers;
using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;

namespace FastMixer.Adapters.List;

/// <summary>
/// Checks whether a value is in a list: of strings, of regular expressions or of IP ranges; a white list allows what is in it, a black list
/// denies it.
/// </summary>
public sealed class ListAdapter : Adapter
{
    private static readonly TimeSpan DefaultCachingInterval = TimeSpan.FromSeconds(300);
    private const int DefaultCachingUseCount = 10_000;

    /// <inheritdoc/>
    public override AdapterDescriptor Descriptor { get; } =
        new("listchecker", ["listentry"], ReadParameters) { Aliases = ["list"] };

    /// <inheritdoc/>
    public override IHandler CreateHandler(HandlerDefinition definition, HandlerServices services) =>
        new ListHandler((ListSettings)definition.Parameters);

    private static ListSettings ReadParameters(ParameterReader reader)
    {
        EntryType type = reader.Choice("entry_type", EntryType.Strings);
        IReadOnlyList<ScalarNode> entries = reader.TextList("overrides");
        bool isBlacklist = reader.Bool("blacklist", false);
        if (entries.Count == 0)
        {
            reader.Fail(reader.Place, "A list needs entries: \"overrides\" is empty.");
        }

        return new ListSettings(
            EntryLists.Create(type, entries, reader),
            isBlacklist,
            reader.Duration("caching_interval", DefaultCachingInterval),
            reader.Int32("caching_use_count", DefaultCachingUseCount, -1, int.MaxValue));
    }
}

/// <summary>What the entries of a list are.</summary>
internal enum EntryType
{
    /// <summary>Text, compared byte by byte.</summary>
    Strings,

    /// <summary>Text, compared without regard to the case of ASCII letters.</summary>
    CaseInsensitiveStrings,

    /// <summary>IP addresses and ranges in CIDR notation.</summary>
    IpAddresses,

    /// <summary>Regular expressions that match anywhere in the text.</summary>
    Regex,
}

/// <summary>A list handler's parameters.</summary>
/// <param name="Entries">The list.</param>
/// <param name="IsBlacklist">Whether what is in the list is denied.</param>
/// <param name="CachingInterval">How long an answer may be reused.</param>
/// <param name="CachingUseCount">How often an answer may be reused.</param>
internal sealed record ListSettings(IEntryList Entries, bool IsBlacklist, TimeSpan CachingInterval, int CachingUseCount);
