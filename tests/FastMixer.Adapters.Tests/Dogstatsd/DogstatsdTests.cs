using FastMixer.Adapters.Tests.Statsd;
using FastMixer.Adapters.Tests.Support;
using FastMixer.EndToEnd.Tests.Support;

namespace FastMixer.Adapters.Tests.Dogstatsd;

/// <summary>What a <c>dogstatsd</c> handler puts on the wire beyond <c>statsd</c>: tags, histograms.</summary>
public sealed class DogstatsdTests
{
    private static readonly (string, string, string) Size =
        ("size", "metric", "value: request.size | 0, dimensions: {path: request.path | \"\", code: response.code | 0}");

    private static readonly (string, string, string) Time = ("time", "metric", "value: response.duration, dimensions: {path: request.path | \"\"}");

    [Fact]
    public async Task Dimensions_AreTags_BesideThoseOfTheMetricAndOfAll()
    {
        await using var agent = new DatagramReceiver();
        await using ReportedPolicy policy = Start(
            agent, "global_tags: {mesh: 'a,b'}, metrics: {size: {type: COUNTER, name: bytes, tags: {team: 'red:1'}}}", Size);

        policy.Report(StatsdTests.Request("/a|b", 7));
        await policy.SettledAsync(delivered: 1);
        await Eventually.TrueAsync(() => agent.Lines.Count == 1);

        Assert.Equal(new StatsdLine("istio.bytes", "7", "c", 1, "mesh:a_b,team:red:1,code:200,path:/a_b"), agent.Lines[0]);
    }

    [Fact]
    public async Task Distributions_AreHistogramsAndTimings_SampledByTheRate()
    {
        const int Requests = 1000;
        await using var agent = new DatagramReceiver();
        await using ReportedPolicy policy = Start(
            agent, "prefix: '', sample_rate: 0.5, metrics: {size: {type: DISTRIBUTION}, time: {type: DISTRIBUTION}}", Size, Time);

        policy.Report([.. Enumerable.Repeat(StatsdTests.Request("/a", -3, 250_000), Requests)]);
        await policy.SettledAsync(delivered: 2 * Requests);
        await Eventually.TrueAsync(() => agent.Lines.Count > 0 && agent.Lines.DistinctBy(line => line.Name).Count() == 2);

        Assert.Equal(
            [new StatsdLine("size", "-3", "h", 0.5, "code:200,path:/a"), new StatsdLine("time", "0.25", "ms", 0.5, "path:/a")],
            agent.Lines.Distinct().OrderBy(line => line.Name, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Gauge_BelowZero_IsOneLine()
    {
        await using var agent = new DatagramReceiver();
        await using ReportedPolicy policy = Start(agent, "metrics: {size: {type: GAUGE}}", Size);

        policy.Report(StatsdTests.Request("/a", -5));
        await Eventually.TrueAsync(() => agent.Lines.Count == 1);

        Assert.Equal("-5", agent.Lines[0].Value);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(2, 2)]
    [InlineData(1, 1)]
    public async Task Datagram_HasNoMoreLinesThanBufferLength(int bufferLength, int most)
    {
        await using var agent = new DatagramReceiver();
        await using (ReportedPolicy policy = ReportedPolicy.Start(
            "dogstatsd", $"address: '{agent.Address}', flush_duration: 1h, buffer_length: {bufferLength}, metrics: {{size: {{type: COUNTER}}}}", Size))
        {
            policy.Report([.. Enumerable.Range(0, 5).Select(i => StatsdTests.Request($"/{i}", 1))]);
        }

        await Eventually.TrueAsync(() => agent.Lines.Count == 5);

        Assert.Equal(most, agent.Datagrams.Max(datagram => datagram.Split('\n').Length));
    }

    [Theory]
    [InlineData("global_tags: {a: [b]}", "policy.yaml:5:29: error: \"global_tags\": expected a text for \"a\", found a list")]
    [InlineData("sample_rate: 2", "policy.yaml:5:25: error: \"sample_rate\": expected a number from 0.0001 to 1")]
    [InlineData("buffer_length: -1", "policy.yaml:5:27: error: \"buffer_length\": expected a whole number")]
    [InlineData("metrics: {size: {type: GAUGE, name_template: x}}", "policy.yaml:5:42: error: Unknown field \"name_template\"")]
    public void WrongParameters_AreToldWithTheirPlace(string parameters, string problem) =>
        Assert.Contains(ReportedPolicy.Problems("dogstatsd", parameters, Size), told => told.Contains(problem, StringComparison.Ordinal));

    private static ReportedPolicy Start(DatagramReceiver agent, string parameters, params (string, string, string)[] instances) =>
        ReportedPolicy.Start("dogstatsd", $"address: '{agent.Address}', flush_duration: 20ms, {parameters}", instances);
}
