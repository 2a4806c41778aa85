using FastMixer.Adapters.List.Provided;
using FastMixer.Engine.Handlers;
using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;

namespace FastMixer.Adapters.List;

/// <summary>
/// Checks whether a value is in a list: of strings, of regular expressions or of IP ranges; a white list allows what is in it, a black list
/// denies it. The list is in the parameters, or comes from a provider, or both.
/// </summary>
public sealed class ListAdapter : Adapter
{
    private static readonly TimeSpan DefaultCachingInterval = TimeSpan.FromSeconds(300);
    private const int DefaultCachingUseCount = 10_000;

    /// <inheritdoc/>
    public override AdapterDescriptor Descriptor { get; } =
        new("listchecker", ["listentry"], ReadParameters) { Aliases = ["list"] };

    /// <inheritdoc/>
    public override IHandler CreateHandler(HandlerDefinition definition, HandlerServices services)
    {
        var settings = (ListSettings)definition.Parameters;
        if (settings.Provider is null)
        {
            return new ListHandler(settings, provided: null);
        }

#pragma warning disable CA2000 // The handler disposes it.
        var provided = new ProvidedList(
            settings, ListSources.Create(settings.Provider), new ListStatus(definition.DisplayName, services.Loggers.CreateLogger("FastMixer")), services.Time);
#pragma warning restore CA2000
        provided.Start();
        return new ListHandler(settings, provided);
    }

    private static ListSettings ReadParameters(ParameterReader reader)
    {
        EntryType type = reader.Choice("entry_type", EntryType.Strings);
        IReadOnlyList<ScalarNode> entries = reader.TextList("overrides");
        ProviderSettings? provider = ProviderReader.Read(reader, type);
        bool isBlacklist = reader.Bool("blacklist", false);
        if (entries.Count == 0 && provider is null && reader.Field("provider_url") is null)
        {
            reader.Fail(reader.Place, "A list needs entries: \"overrides\" is empty, and there is no \"provider_url\".");
        }

        string[] texts = [.. entries.Select(entry => entry.Text)];
        return new ListSettings(
            type,
            EntryLists.Create(type, texts, (index, problem) => reader.Fail(entries[index].Place, $"{entries[index].Describe()} {problem}")),
            texts,
            provider,
            isBlacklist,
            reader.Duration("caching_interval", DefaultCachingInterval),
            reader.Int32("caching_use_count", DefaultCachingUseCount, -1, int.MaxValue));
    }
}
