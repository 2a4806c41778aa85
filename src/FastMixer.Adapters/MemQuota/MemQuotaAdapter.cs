using FastMixer.Engine.Handlers;
using FastMixer.Policy.Config;
using FastMixer.Policy.Language.Compilation;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Adapters.MemQuota;

/// <summary>Counts quotas in the memory of this process: quick, shared with no other server, and lost when it ends.</summary>
public sealed class MemQuotaAdapter : Adapter
{
    private static readonly TimeSpan DefaultDeduplicationDuration = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MostDuration = TimeSpan.FromDays(365);
    private const int DefaultMaxCounters = 100_000;
    private const int MostCounters = 10_000_000;

    /// <inheritdoc/>
    public override AdapterDescriptor Descriptor { get; } = new("memquota", ["quota"], ReadParameters) { CheckInstance = CheckInstance };

    /// <inheritdoc/>
    public override IHandler CreateHandler(HandlerDefinition definition, HandlerServices services) =>
        new MemQuotaHandler((MemQuotaSettings)definition.Parameters, services.Time);

    private static MemQuotaSettings ReadParameters(ParameterReader reader)
    {
        var quotas = new List<QuotaLimits>();
        foreach (ParameterReader quota in reader.ObjectList("quotas"))
        {
            ReadQuota(quota, quotas);
        }

        TimeSpan deduplication = ReadDuration(reader, "min_deduplication_duration", DefaultDeduplicationDuration);
        if (deduplication <= TimeSpan.Zero)
        {
            reader.Fail(reader.Field("min_deduplication_duration")!.Value.Place, "\"min_deduplication_duration\": expected a duration above zero, such as 1s.");
        }

        return new MemQuotaSettings(quotas, deduplication, reader.Int32("max_counters", DefaultMaxCounters, 1, MostCounters));
    }

    private static void ReadQuota(ParameterReader reader, List<QuotaLimits> quotas)
    {
        ScalarNode? name = reader.RequiredText("name");
        QuotaLimit limit = ReadLimit(reader);
        QuotaOverride[] overrides = [.. reader.ObjectList("overrides").Select(ReadOverride)];
        reader.End();
        if (name is null)
        {
            return;
        }

        if (quotas.Exists(quota => quota.Name == name.Text))
        {
            reader.Fail(name.Place, $"The quota {name.Describe()} stands here twice.");
        }

        quotas.Add(new QuotaLimits(name.Text, limit, overrides));
    }

    private static QuotaOverride ReadOverride(ParameterReader reader)
    {
        var dimensions = new List<KeyValuePair<string, string>>();
        foreach (ConfigField field in reader.Map("dimensions"))
        {
            if (field.Value is ScalarNode scalar)
            {
                dimensions.Add(KeyValuePair.Create(field.Name, scalar.Text));
            }
            else
            {
                reader.Fail(field.Value.Place, $"\"{field.Name}\": expected a text, found {field.Value.Describe()}.");
            }
        }

        QuotaLimit limit = ReadLimit(reader);
        reader.End();
        return new QuotaOverride(dimensions, limit);
    }

    private static QuotaLimit ReadLimit(ParameterReader reader)
    {
        long most = reader.Int64("max_amount", 0, 0, long.MaxValue);
        if (reader.Field("max_amount") is null)
        {
            reader.Fail(reader.Place, "The field \"max_amount\" is missing.");
        }

        return new QuotaLimit(most, ReadDuration(reader, "valid_duration", TimeSpan.Zero));
    }

    private static TimeSpan ReadDuration(ParameterReader reader, string name, TimeSpan otherwise)
    {
        TimeSpan duration = reader.Duration(name, otherwise);
        if (duration > MostDuration)
        {
            reader.Fail(reader.Field(name)!.Value.Place, $"\"{name}\": expected a duration of at most a year (8760h).");
        }

        return duration;
    }

    private static string? CheckInstance(object parameters, Instance instance)
    {
        var settings = (MemQuotaSettings)parameters;
        if (settings.Find(instance.Name, instance.FullName) is not { } limits)
        {
            return $"The handler has no limit for \"{instance.FullName}\": add one to its \"quotas\"."
                + Suggestion.For(instance.FullName, settings.Quotas.Select(quota => quota.Name));
        }

        if (instance.Fields.FirstOrDefault(field => field.Type == AttributeType.StringMap) is { } map)
        {
            return $"The dimension \"{map.Key}\" of \"{instance.FullName}\" is a STRING_MAP, which no counter is kept by: name the key that counts, as in request.headers[\"x\"] | \"\".";
        }

        return limits.Overrides.SelectMany(one => one.Dimensions).Select(dimension => CheckDimension(dimension, instance)).FirstOrDefault(problem => problem is not null);
    }

    private static string? CheckDimension(KeyValuePair<string, string> dimension, Instance instance)
    {
        int field = instance.IndexOf("dimensions", dimension.Key);
        if (field < 0)
        {
            // As in the original, a dimension that the instance lacks is the empty text.
            return dimension.Value.Length == 0 ? null
                : $"An override of \"{instance.FullName}\" needs the dimension \"{dimension.Key}\", which it does not have."
                    + Suggestion.For(dimension.Key, instance.Fields.Select(one => one.Key ?? ""));
        }

        return DimensionValue.TryParse(instance.Fields[field].Type, dimension.Value, out _) ? null
            : $"An override of \"{instance.FullName}\" wants the dimension \"{dimension.Key}\" to be '{dimension.Value}', which is no {instance.Fields[field].Type.Name()}.";
    }
}
