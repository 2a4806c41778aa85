using FastMixer.Engine.Tests.Support;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;

namespace FastMixer.Engine.Tests.Verdicts.Model;

/// <summary>Random requests for the model, encoded: each attribute absent, empty, or one of a few values.</summary>
internal static class RandomRequest
{
    private static readonly string[] Values = ["a", "b", "", "ab"];

    public static byte[] Encode(Random random)
    {
        QuotaRequest[] quotas = random.Next(6) == 0 ? [new QuotaRequest("requests", random.Next(1, 3), false)] : [];
        return TestEngine.Encode(attributes => Fill(attributes, random), quotas);
    }

    private static void Fill(AttributeWriter attributes, Random random)
    {
        foreach (string name in (ReadOnlySpan<string>)["source.name", "source.uid", "source.user"])
        {
            if (random.Next(3) > 0)
            {
                attributes.Set(name, Values[random.Next(Values.Length)]);
            }
        }

        if (random.Next(2) == 0)
        {
            attributes.Set("destination.namespace", random.Next(2) == 0 ? "shop" : "bank");
        }

        if (random.Next(4) == 0)
        {
            attributes.Set("source.namespace", random.Next(2) == 0 ? "shop" : "bank");
        }

        if (random.Next(3) > 0)
        {
            attributes.SetIpAddress("source.ip", random.Next(3) switch
            {
                0 => [10, 0, 0, 1],
                1 => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1],
                _ => [10, 0, 0, 2],
            });
        }

        if (random.Next(3) == 0)
        {
            attributes.SetDuration("connection.duration", random.Next(3) * 1_000_000_000L);
        }

        if (random.Next(4) > 0)
        {
            attributes.Set(
                "request.headers",
                new Dictionary<string, string>(((string[])["a", "b", "c", "ab", ""]).Where(_ => random.Next(2) == 0).Select(key => KeyValuePair.Create(key, Values[random.Next(Values.Length)]))));
        }
    }
}
