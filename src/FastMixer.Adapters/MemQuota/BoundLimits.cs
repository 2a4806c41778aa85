using FastMixer.Policy.Rules;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Adapters.MemQuota;

/// <summary>The limits of an instance, with the overrides' values in the types of its dimensions. Immutable.</summary>
internal sealed class BoundLimits
{
    private readonly QuotaLimit _otherwise;
    private readonly (Condition[] Conditions, QuotaLimit Limit)[] _overrides;

    /// <summary>Binds limits to an instance for which they were checked.</summary>
    public BoundLimits(QuotaLimits limits, Instance instance)
    {
        _otherwise = limits.Limit;
        _overrides = [.. limits.Overrides.Select(one => (Conditions: Bind(one, instance), one.Limit))];
    }

    /// <summary>The limit for a request: that of the first override of which every dimension is equal. No allocation.</summary>
    /// <param name="values">The request's dimensions.</param>
    public QuotaLimit Choose(InstanceValues values)
    {
        Span<byte> room = stackalloc byte[16];
        foreach ((Condition[] conditions, QuotaLimit limit) in _overrides)
        {
            if (Holds(conditions, values, room))
            {
                return limit;
            }
        }

        return _otherwise;
    }

    private static bool Holds(Condition[] conditions, InstanceValues values, Span<byte> room)
    {
        foreach (Condition condition in conditions)
        {
            if (!DimensionValue.Read(values, condition.Field, room).SequenceEqual(condition.Value))
            {
                return false;
            }
        }

        return true;
    }

    // A dimension that the instance lacks is the empty text, and an override that wants anything else is refused before.
    private static Condition[] Bind(QuotaOverride one, Instance instance) =>
    [
        .. from dimension in one.Dimensions
           let field = instance.IndexOf("dimensions", dimension.Key)
           where field >= 0
           select new Condition(field, Parse(instance.Fields[field].Type, dimension.Value)),
    ];

    private static byte[] Parse(AttributeType type, string text) => DimensionValue.TryParse(type, text, out byte[] value)
        ? value
        : throw new InvalidOperationException($"'{text}' is no {type.Name()}, which the configuration was checked for.");

    private readonly record struct Condition(int Field, byte[] Value);
}
