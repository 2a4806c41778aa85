using System.Net;
using System.Text;
using FastMixer.Policy.Config;
using FastMixer.Policy.Language.Evaluation;
using FastMixer.Policy.Language.Explanation;
using FastMixer.Policy.Rules;
using FastMixer.Policy.Tests.Support;

namespace FastMixer.Policy.Tests.Rules;

/// <summary>What handlers read of an instance: a value of every type, zero values for what is left out, and the field that has an error.</summary>
public sealed class InstanceValuesTests
{
    private const string Dimensions =
        "flag: connection.mtls, number: request.size, real: 2.5, moment: request.time, span: '\"20ms\"', address: source.ip, text: source.name, "
        + "map: request.headers, none: emptyStringMap(), seal: own.seal";

    [Fact]
    public void Field_OfAnyType_HasItsValue()
    {
        Snapshot snapshot = Load(Dimensions);
        using var values = new InstanceValues();

        Assert.True(TryEvaluate(snapshot, values, Full(snapshot), out int end));

        Assert.Equal(values.Count, end);
        int Of(string key) => values.Instance.IndexOf("dimensions", key);
        Assert.True(values.GetBool(Of("flag")));
        Assert.Equal((1L, 7L, 5L, 20_000_000L), (values.GetInt64(Of("flag")), values.GetInt64(Of("number")), values.GetInt64(Of("moment")), values.GetInt64(Of("span"))));
        Assert.Equal(2.5, values.GetDouble(Of("real")));
        Assert.Equal(IPAddress.Parse("10.0.0.1"), new IPAddress(values.GetBytes(Of("address")).Span));
        Assert.Equal("web", Encoding.UTF8.GetString(values.GetBytes(Of("text")).Span));
        Assert.Equal((2, 0), (values.GetMapCount(Of("map")), values.GetMapCount(Of("none"))));
        var entries = new Dictionary<string, string>();
        InstanceValues.MapEnumerator map = values.GetMap(Of("map"));
        while (map.MoveNext())
        {
            entries.Add(Encoding.UTF8.GetString(map.Key), Encoding.UTF8.GetString(map.Value));
        }

        Assert.Equal(new Dictionary<string, string> { ["a"] = "1", [""] = "é" }, entries);
        Assert.False(values.GetMap(Of("none")).MoveNext());
    }

    [Fact]
    public void Fields_AreShownAsTheyAreWritten()
    {
        Snapshot snapshot = Load(Dimensions);
        using var values = new InstanceValues();
        Assert.True(TryEvaluate(snapshot, values, Full(snapshot), out _));

        Assert.Equal(
            [
                "value = 1", "dimensions[address] = 10.0.0.1", "dimensions[flag] = true", "dimensions[map] = {: é, a: 1}", "dimensions[moment] = 1970-01-01T00:00:00.000000005Z",
                "dimensions[none] = {}", "dimensions[number] = 7", "dimensions[real] = 2.5", "dimensions[seal] = AQ==", "dimensions[span] = 20ms", "dimensions[text] = web",
            ],
            ValueReader.ReadFields(values).Select(field => $"{field.Key} = {field.Value}"));
    }

    [Fact]
    public void Field_ThatIsLeftOut_IsZero()
    {
        Snapshot snapshot = Load("text: source.name");
        using var values = new InstanceValues();
        Assert.True(TryEvaluate(snapshot, values, Full(snapshot), out _));

        int none = values.Instance.IndexOf("monitored_resource_type");

        Assert.Equal(-1, none);
        Assert.Equal((0L, 0.0, false, 0, 0), (values.GetInt64(none), values.GetDouble(none), values.GetBool(none), values.GetBytes(none).Length, values.GetMapCount(none)));
        Assert.False(values.GetMap(none).MoveNext());
    }

    [Fact]
    public void Field_ThatCannotBeEvaluated_IsTold_AndNothingIsLeftForTheNextRequest()
    {
        Snapshot snapshot = Load("a: source.name, b: source.user");
        using var values = new InstanceValues();

        Assert.False(TryEvaluate(snapshot, values, Full(snapshot), out int failed));
        Assert.Equal("b", values.Instance.Fields[failed].Key);
        Assert.True(TryEvaluate(snapshot, values, Full(snapshot).Set("source.user", "jane"), out _));
        Assert.Equal(["web", "jane"], Enumerable.Range(1, 2).Select(field => Encoding.UTF8.GetString(values.GetBytes(field).Span)));
    }

    private static Attributes Full(Snapshot snapshot) => new Attributes(snapshot.Vocabulary)
        .Set("connection.mtls", true).Set("request.size", 7).Parse("request.time", "\"1970-01-01T00:00:00.000000005Z\"").Parse("source.ip", "\"10.0.0.1\"")
        .Set("source.name", "web").Map("request.headers", ("a", "1"), ("", "é")).Parse("own.seal", "\"\\u0001\"");

    private static bool TryEvaluate(Snapshot snapshot, InstanceValues values, Attributes attributes, out int failed)
    {
        using var context = new EvaluationContext();
        context.Reset(attributes.ToBag(), snapshot.References);
        return values.TryEvaluate(Assert.Single(snapshot.Rules).Actions[0].Instance, context, out failed);
    }

    private static Snapshot Load(string dimensions) => ConfigLoader.Load(
        [
            new ConfigSource("p.yaml", $$"""
                kind: attributemanifest
                metadata: {name: own}
                spec: {attributes: {own.seal: {valueType: BYTES} } }
                ---
                kind: sink
                metadata: {name: h}
                ---
                kind: metric
                metadata: {name: m}
                spec:
                  value: 1
                  dimensions: { {{dimensions}} }
                ---
                kind: rule
                metadata: {name: r}
                spec: {actions: [{handler: h.sink, instances: [m.metric]}]}
                """),
        ],
        Loaded.Adapters).Snapshot!;
}
