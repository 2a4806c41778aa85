using System.Globalization;
using System.Text.Json;
using FastMixer.Engine;
using FastMixer.Engine.Verdicts;

namespace FastMixer.Server.Admin;

/// <summary><c>/cache</c>: what the cache of verdicts is worth, and what would make it worth more.</summary>
/// <param name="engine">Whose cache.</param>
public sealed class CachePage(MixerEngine engine) : IAdminPage
{
    /// <inheritdoc/>
    public string Path => "/cache";

    /// <inheritdoc/>
    public string Description => "verdicts that are kept: hits, misses, other sizes, sets of referenced attributes; JSON with ?format=json";

    /// <inheritdoc/>
    public Task WriteAsync(AdminReply reply, CancellationToken cancellationToken)
    {
        VerdictCacheStatistics? cache = engine.VerdictStatistics;
        if (reply.WantsJson)
        {
            reply.WriteJson(json => WriteJson(json, cache));
        }
        else if (cache is null)
        {
            reply.WriteLine("No verdicts are kept: the server was started with --cache 0.");
        }
        else
        {
            WriteText(reply, cache);
        }

        return Task.CompletedTask;
    }

    private static void WriteText(AdminReply reply, VerdictCacheStatistics cache)
    {
        void Line(FormattableString line) => reply.WriteLine(line.ToString(CultureInfo.InvariantCulture));
        MissCounts misses = cache.Misses;
        RenewalCounts renewals = cache.Renewals;
        Line($"entries   {cache.Entries:N0} of {cache.MaxEntries:N0}, in {cache.AllocatedBytes:N0} bytes; {cache.Evicted:N0} evicted");
        Line($"hits      {cache.Hits:N0}, {cache.HitRatio:P1} of all checks");
        Line($"misses    {misses.Total:N0}: {misses.New:N0} new, {misses.Evicted:N0} evicted, {misses.Expired:N0} expired, {misses.UsedUp:N0} used up, {misses.Snapshot:N0} snapshot, {misses.Uncacheable:N0} uncacheable");
        Line($"renewals  {renewals.Started:N0}: {renewals.Renewed:N0} renewed, {renewals.Failed:N0} failed; {renewals.Refused:N0} refused");
        if (cache.Estimate.LookUps > 0)
        {
            Line($"size      half {cache.Estimate.Half:P1}, as it is {cache.Estimate.Same:P1}, double {cache.Estimate.Double:P1} of look-ups would be answered, by a sample of {cache.Estimate.LookUps:N0}");
        }

        Line($"sets      {cache.Sets.Count:N0} of {cache.MaxSets:N0}{(cache.LeadingAttributes.Count == 0 ? "" : ", found by " + string.Join(", ", cache.LeadingAttributes))}");
        foreach (SetStatistics set in cache.Sets)
        {
            Line($"  {set.HitRatio,7:P1} of {set.Hits + set.Misses:N0} checks, about {set.Entries:N0} entries: {(set.References.Count == 0 ? "every request" : string.Join(", ", set.References))}");
            if (set.Hint is { } hint)
            {
                Line($"          {hint}");
            }
        }
    }

    private static void WriteJson(Utf8JsonWriter json, VerdictCacheStatistics? cache)
    {
        json.WriteStartObject();
        json.WriteBoolean("enabled", cache is not null);
        if (cache is not null)
        {
            WriteTotals(json, cache);
            json.WriteStartArray("sets");
            foreach (SetStatistics set in cache.Sets)
            {
                WriteSet(json, set);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteTotals(Utf8JsonWriter json, VerdictCacheStatistics cache)
    {
        json.WriteNumber("entries", cache.Entries);
        json.WriteNumber("maxEntries", cache.MaxEntries);
        json.WriteNumber("bytes", cache.AllocatedBytes);
        json.WriteNumber("evicted", cache.Evicted);
        json.WriteNumber("hits", cache.Hits);
        json.WriteNumber("hitRatio", cache.HitRatio);
        MissCounts misses = cache.Misses;
        WriteNumbers(
            json,
            "misses",
            ("new", misses.New),
            ("evicted", misses.Evicted),
            ("expired", misses.Expired),
            ("usedUp", misses.UsedUp),
            ("snapshot", misses.Snapshot),
            ("uncacheable", misses.Uncacheable));
        RenewalCounts renewals = cache.Renewals;
        WriteNumbers(
            json, "renewals", ("started", renewals.Started), ("renewed", renewals.Renewed), ("failed", renewals.Failed), ("refused", renewals.Refused));
        json.WriteStartObject("estimate");
        json.WriteNumber("lookUps", cache.Estimate.LookUps);
        json.WriteNumber("half", cache.Estimate.Half);
        json.WriteNumber("same", cache.Estimate.Same);
        json.WriteNumber("double", cache.Estimate.Double);
        json.WriteEndObject();
        json.WriteNumber("maxSets", cache.MaxSets);
        WriteTexts(json, "leadingAttributes", cache.LeadingAttributes);
    }

    private static void WriteSet(Utf8JsonWriter json, SetStatistics set)
    {
        json.WriteStartObject();
        WriteTexts(json, "references", set.References);
        json.WriteNumber("hits", set.Hits);
        json.WriteNumber("misses", set.Misses);
        json.WriteNumber("hitRatio", set.HitRatio);
        json.WriteNumber("entries", set.Entries);
        json.WriteString("hint", set.Hint);
        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, params ReadOnlySpan<(string Name, long Value)> numbers)
    {
        json.WriteStartObject(name);
        foreach ((string number, long value) in numbers)
        {
            json.WriteNumber(number, value);
        }

        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
