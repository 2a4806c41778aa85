using System.Globalization;
using System.Text;
using FastMixer.Adapters;
using FastMixer.Engine;
using FastMixer.Engine.Checks;
using FastMixer.Engine.Handlers;
using FastMixer.Engine.Snapshots;
using FastMixer.Engine.Verdicts;
using FastMixer.Policy.Config;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using FastMixer.Protocol.Words;

namespace FastMixer.Benchmarks;

/// <summary>What the benchmarks share: a check of twelve attributes as a sidecar sends it, and an engine with some rules.</summary>
internal static class SampleCheck
{
    /// <summary>The message, encoded.</summary>
    public static byte[] Encode()
    {
        using var attributes = new AttributeWriter();
        attributes.Set("source.namespace", "default");
        attributes.SetIpAddress("source.ip", [10, 0, 0, 1]);
        attributes.Set("source.workload.name", "productpage-v1");
        attributes.Set("destination.service.name", "reviews");
        attributes.Set("destination.namespace", "default");
        attributes.Set("destination.port", 9080L);
        attributes.Set("request.method", "GET");
        attributes.Set("request.path", "/reviews/0");
        attributes.Set("request.host", "reviews.default.svc.cluster.local");
        attributes.SetTimestamp("request.time", 1_420_211_075_000_000_000);
        attributes.Set("context.protocol", "http");
        attributes.Set(
            "request.headers",
            new Dictionary<string, string>
            {
                [":method"] = "GET",
                [":path"] = "/reviews/0",
                ["user-agent"] = "Mozilla/5.0 (X11; Linux x86_64)",
                ["cookie"] = "user=jane",
                ["x-request-id"] = "8b1b8b5e-3c5e-4bd6-9f3e-0c5a6f7d8e9f",
            });
        var bytes = new byte[1024];
        var writer = new WireWriter(bytes, framed: false);
        CheckRequest.Write(ref writer, 1, attributes, [], default);
        return writer.TryComplete(out int length) ? bytes[..length] : throw new InvalidOperationException("The sample outgrew its room.");
    }

    /// <summary>An engine with so many rules, of which the last matches the sample and allows it.</summary>
    /// <param name="rules">How many.</param>
    /// <param name="verdicts">How many verdicts are kept; null for none.</param>
    public static MixerEngine StartEngine(int rules, VerdictCacheOptions? verdicts = null)
    {
        var text = new StringBuilder("""
            kind: handler
            metadata: {name: callers}
            spec: {compiledAdapter: listchecker, params: {overrides: [productpage-v1]}}
            ---
            kind: instance
            metadata: {name: caller}
            spec: {compiledTemplate: listentry, params: {value: source.workload.name}}

            """);
        for (int i = 1; i <= rules; i++)
        {
            string service = i == rules ? "reviews" : $"service{i}";
            text.Append(CultureInfo.InvariantCulture, $$"""
                ---
                kind: rule
                metadata: {name: rule{{i}}}
                spec:
                  match: destination.service.name == "{{service}}" && request.headers["cookie"].startsWith("user=")
                  actions: [{handler: callers, instances: [caller]}]

                """);
        }

        return StartEngine(text.ToString(), verdicts);
    }

    /// <summary>An engine with a policy.</summary>
    /// <param name="policy">Its text.</param>
    /// <param name="verdicts">How many verdicts are kept; null for none.</param>
    public static MixerEngine StartEngine(string policy, VerdictCacheOptions? verdicts = null)
    {
        LoadResult loaded = ConfigLoader.Load([new ConfigSource("benchmark.yaml", policy)], BuiltInAdapters.Registry.Catalog);
        return new MixerEngine(LiveSnapshot.Start(
            loaded.Snapshot ?? throw new InvalidOperationException(string.Join('\n', loaded.Problems)),
            BuiltInAdapters.Registry,
            new HandlerServices(TimeProvider.System, Stream.Null, Stream.Null)), verdicts: verdicts);
    }

    /// <summary>Reads the sample into a call.</summary>
    public static void Decode(CheckCall call, MixerEngine engine, ReadOnlySpan<byte> message)
    {
        call.Begin(engine);
        WireReader reader = call.Load(message, inherited: null);
        if (!MessageHeader.TryRead(ref reader, out MessageHeader header)
            || !call.Request.TryRead(ref reader, header, ProtocolLimits.Default, WordList.Version1Count, padded: false))
        {
            throw new InvalidOperationException(reader.Fault.ToString());
        }
    }
}
