using System.Text.Json;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Tests.Support;

namespace FastMixer.Protocol.Tests.Vectors;

/// <summary>The records of a report vector as a client has them: each whole, not as what changed.</summary>
internal static class FullRecords
{
    public static AttributeWriter[] Of(JsonElement meaning)
    {
        List<Fact> inherited = meaning.TryGetProperty("base", out JsonElement attributes) ? MeaningOfAttributes.Read(attributes) : [];
        var current = new List<Fact>();
        var records = new List<AttributeWriter>();
        foreach (JsonElement record in meaning.GetProperty("records").EnumerateArray())
        {
            foreach (Fact change in MeaningOfAttributes.Read(record))
            {
                current.RemoveAll(fact => fact.Name == change.Name);
                if (change.Value is not null || inherited.Exists(fact => fact.Name == change.Name))
                {
                    current.Add(change);
                }
            }

            records.Add(current.ToWriter());
        }

        return [.. records];
    }
}
