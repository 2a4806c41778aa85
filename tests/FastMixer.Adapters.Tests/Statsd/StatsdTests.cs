using System.Text;
using FastMixer.Adapters.Tests.Support;
using FastMixer.EndToEnd.Tests.Support;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Adapters.Tests.Statsd;

/// <summary>What a <c>statsd</c> handler puts on the wire, by a receiver that reads the grammar strictly.</summary>
public sealed class StatsdTests
{
    private const string Quick = "flush_duration: 20ms, ";

    private static readonly (string, string, string) Size =
        ("size", "metric", "value: request.size | 0, dimensions: {path: request.path | \"\", code: response.code | 0}");

    private static readonly (string, string, string) Time = ("time", "metric", "value: response.duration, dimensions: {path: request.path | \"\"}");

    [Fact]
    public async Task Counter_IsSummedUp_AndSentUnderTheNameOfItsTemplate()
    {
        await using var daemon = new DatagramReceiver();
        await using ReportedPolicy policy = Start(daemon, "prefix: mesh, metrics: {size: {type: COUNTER, name_template: 'size.{{.path}}-{{ .code }}'}}", Size);

        policy.Report(Request("/a", 1), Request("/b", 2), Request("/a", 39));
        await policy.SettledAsync(delivered: 3);
        await Eventually.TrueAsync(() => daemon.Lines.Sum(line => line.Number) == 42);

        Assert.All(daemon.Lines, line => Assert.Equal(("c", 1.0, ""), (line.Type, line.Rate, line.Tags)));
        Assert.Equal(40, daemon.Lines.Where(line => line.Name == "mesh.size./a-200").Sum(line => line.Number));
        Assert.Equal(2, daemon.Lines.Where(line => line.Name == "mesh.size./b-200").Sum(line => line.Number));
    }

    [Theory]
    [InlineData("size", "size")]
    [InlineData("size.metric.istio-system", "size.metric.istio-system")]
    public async Task WithoutATemplate_TheMetricIsCalledAsItsInstance(string instance, string name)
    {
        await using var daemon = new DatagramReceiver();
        await using ReportedPolicy policy = Start(daemon, $"metrics: {{{instance}: {{type: COUNTER}}}}", Size);

        policy.Report(Request("/a", 7));
        await Eventually.TrueAsync(() => daemon.Lines.Count == 1);

        Assert.Equal(new StatsdLine(name, "7", "c", 1, ""), daemon.Lines[0]);
    }

    [Fact]
    public async Task Gauge_BelowZero_IsSetToZeroBefore_InTheSameDatagram()
    {
        await using var daemon = new DatagramReceiver();
        await using ReportedPolicy policy = Start(daemon, "metrics: {size: {type: GAUGE}}", Size);

        policy.Report(Request("/a", 3), Request("/a", -5));
        await Eventually.TrueAsync(() => daemon.Datagrams.Count > 0);

        Assert.Equal("size:0|g\nsize:-5|g", daemon.Datagrams[^1]);
        await policy.SettledAsync(delivered: 2);
    }

    [Fact]
    public async Task Distribution_OfDurations_IsTimings_OfNumbersACounter()
    {
        await using var daemon = new DatagramReceiver();
        await using ReportedPolicy policy = Start(daemon, "metrics: {size: {type: DISTRIBUTION}, time: {type: DISTRIBUTION}}", Size, Time);

        policy.Report(Request("/a", 3, nanoseconds: 1_500_000), Request("/a", 4, nanoseconds: 2_000_000_000));
        await policy.SettledAsync(delivered: 4);
        await Eventually.TrueAsync(() => daemon.Lines.Count >= 3 && daemon.Lines.Where(line => line.Type == "c").Sum(line => line.Number) == 7);

        Assert.Equal(["1.5", "2000"], daemon.Lines.Where(line => line.Type == "ms").Select(line => line.Value));
    }

    [Fact]
    public async Task DurationBelowZero_IsRejected()
    {
        await using var daemon = new DatagramReceiver();
        await using ReportedPolicy policy = Start(daemon, "metrics: {time: {type: DISTRIBUTION}}", Time);

        policy.Report(Request("/a", 0, nanoseconds: -1), Request("/a", 0, nanoseconds: 1_000_000));
        await policy.SettledAsync(delivered: 1, rejected: 1);
        await Eventually.TrueAsync(() => daemon.Lines.Count == 1);

        Assert.Equal("1", daemon.Lines[0].Value);
    }

    [Fact]
    public async Task Lines_ArePackedIntoDatagrams_UpToTheirLimit_AndALongerOneGoesAlone()
    {
        await using var daemon = new DatagramReceiver();
        string longName = new('x', 300);
        await using (ReportedPolicy policy = Start(
            daemon, "flush_duration: 1h, flush_bytes: 100, metrics: {size: {type: COUNTER, name_template: '{{.path}}'}}", Size))
        {
            policy.Report([Request(longName, 1), .. Enumerable.Range(0, 50).Select(i => Request($"name{i:00}", 1))]);
        }

        await Eventually.TrueAsync(() => daemon.Lines.Sum(line => line.Number) == 51);

        Assert.Contains($"{longName}:1|c", daemon.Datagrams);
        string[] others = [.. daemon.Datagrams.Where(datagram => !datagram.Contains(longName, StringComparison.Ordinal))];
        Assert.All(others, datagram => Assert.InRange(Encoding.UTF8.GetByteCount(datagram), 1, 100));

        // Nine lines of ten bytes and the line feeds between them, and no tenth.
        Assert.Contains(others, datagram => datagram.Split('\n').Length == 9);
    }

    [Fact]
    public async Task SampledTimings_SayTheirRate_AndCountersAreWhole()
    {
        const int Requests = 1000;
        await using var daemon = new DatagramReceiver();
        await using ReportedPolicy policy = Start(
            daemon, "sampling_rate: 0.5, metrics: {size: {type: COUNTER}, time: {type: DISTRIBUTION}}", Size, Time);

        policy.Report([.. Enumerable.Repeat(Request("/a", 1), Requests)]);
        await policy.SettledAsync(delivered: 2 * Requests);
        await Eventually.TrueAsync(() => daemon.Lines.Where(line => line.Type == "c").Sum(line => line.Number) == Requests);

        StatsdLine[] timings = [.. daemon.Lines.Where(line => line.Type == "ms")];
        Assert.All(timings, line => Assert.Equal(0.5, line.Rate));

        // Ten standard deviations around one half.
        Assert.InRange(timings.Length, 340, 660);
    }

    [Fact]
    public async Task ValueOfADimension_CannotBeTakenForSyntax()
    {
        await using var daemon = new DatagramReceiver();
        await using ReportedPolicy policy = Start(daemon, "metrics: {size: {type: COUNTER, name_template: 'x{{.path}}'}}", Size);

        policy.Report(Request("\na:1|c|@0.1 #b,\0", 5));
        await Eventually.TrueAsync(() => daemon.Lines.Count == 1);

        Assert.Equal(new StatsdLine("x_a_1_c__0.1__b__", "5", "c", 1, ""), daemon.Lines[0]);
    }

    [Fact]
    public async Task LineBeyondAnyDatagram_IsRejected_AndTheOthersArrive()
    {
        await using var daemon = new DatagramReceiver();
        await using ReportedPolicy policy = Start(daemon, "metrics: {time: {type: DISTRIBUTION, name_template: 'x{{.path}}'}}", Time);

        policy.Report(Request("a", 0, 1_000_000), Request(new string('y', 70_000), 0, 1_000_000), Request("b", 0, 1_000_000));
        await policy.SettledAsync(delivered: 2, rejected: 1);
        await Eventually.TrueAsync(() => daemon.Lines.Count == 2);

        Assert.Equal(["xa", "xb"], daemon.Lines.Select(line => line.Name));
    }

    [Fact]
    public async Task WhereNobodyListens_SendsFail_AndWhatIsSummedUpIsKept_UntilSomebodyDoes()
    {
        var gone = new DatagramReceiver();
        int port = int.Parse(gone.Address.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);
        await using ReportedPolicy policy = Start(gone, "metrics: {size: {type: COUNTER}}", Size);
        await gone.DisposeAsync();

        // The machine tells of the first datagram only after it is sent: the next one fails.
        int reported = 0;
        await Eventually.TrueAsync(() =>
        {
            policy.Report(Request("/a", 1));
            reported++;
            return policy.Counters.FailedAttempts > 0;
        });
        await using var daemon = new DatagramReceiver(port);
        policy.Report(Request("/a", 1_000_000));

        await policy.SettledAsync(delivered: reported + 1);
        await Eventually.TrueAsync(() => daemon.Lines.Sum(line => line.Number) > 1_000_000);
    }

    [Theory]
    [InlineData("address: nowhere", "policy.yaml:5:21: error: \"address\": expected host:port")]
    [InlineData("address: '::1:8125'", "policy.yaml:5:21: error: \"address\": expected host:port")]
    [InlineData("address: 'localhost:0'", "policy.yaml:5:21: error: \"address\": expected host:port")]
    [InlineData("flush_bytes: 70000", "policy.yaml:5:25: error: \"flush_bytes\": expected a whole number from 1 to 65507")]
    [InlineData("flush_duration: 0s", "policy.yaml:5:12: error: \"flush_duration\": expected a duration from 1ms to 1h")]
    [InlineData("sampling_rate: 0", "policy.yaml:5:27: error: \"sampling_rate\": expected a number from 0.0001 to 1")]
    [InlineData("metrics: {size: {}}", "policy.yaml:5:28: error: The field \"type\" is missing")]
    [InlineData("metrics: {size: }", "policy.yaml:5:22: error: \"metrics\": expected a mapping with the \"type\" of \"size\"")]
    [InlineData("metrics: {size: {type: SUMMARY}}", "policy.yaml:5:35: error: \"type\": expected one of COUNTER, GAUGE, DISTRIBUTION")]
    [InlineData("metrics: {size: {type: GAUGE, name: x}}", "policy.yaml:5:42: error: Unknown field \"name\"")]
    [InlineData("metrics: {size: {type: GAUGE, name_template: '{{index .a}}'}}", "policy.yaml:5:57: error: \"name_template\": only dimensions")]
    [InlineData("metrics: {size: {type: GAUGE, name_template: '{{.a'}}", "policy.yaml:5:57: error: \"name_template\": only dimensions")]
    [InlineData("metrics: {other: {type: GAUGE}}", "The handler has no metric for the instance \"size.metric.istio-system\"")]
    [InlineData("metrics: {size: {type: GAUGE, name_template: '{{.who}}'}}", "has the dimension \"who\", which the instance has not")]
    public void WrongParameters_AreToldWithTheirPlace(string parameters, string problem) =>
        Assert.Contains(ReportedPolicy.Problems("statsd", parameters, Size), told => told.Contains(problem, StringComparison.Ordinal));

    [Theory]
    [InlineData("GAUGE", "response.duration", "expected INT64, found DURATION")]
    [InlineData("COUNTER", "request.path", "expected INT64, found STRING")]
    [InlineData("DISTRIBUTION", "request.path", "expected INT64 or DURATION, found STRING")]
    public void ValueOfAnotherType_IsRefused(string kind, string value, string problem) =>
        Assert.Contains(
            ReportedPolicy.Problems("statsd", $"metrics: {{x: {{type: {kind}}}}}", ("x", "metric", $"value: {value}")),
            told => told.Contains(problem, StringComparison.Ordinal));

    internal static Action<AttributeWriter> Request(string path, long size, long nanoseconds = 0) => record =>
    {
        record.Set("request.path", path);
        record.Set("request.size", size);
        record.Set("response.code", 200);
        record.SetDuration("response.duration", nanoseconds);
    };

    private static ReportedPolicy Start(DatagramReceiver daemon, string parameters, params (string, string, string)[] instances) =>
        ReportedPolicy.Start("statsd", $"address: '{daemon.Address}', {(parameters.StartsWith("flush_duration", StringComparison.Ordinal) ? "" : Quick)}{parameters}", instances);
}
