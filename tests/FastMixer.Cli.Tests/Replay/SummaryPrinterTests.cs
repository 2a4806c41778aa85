using System.Text.Json;
using FastMixer.Cli.Output;
using FastMixer.Cli.Replay;
using FastMixer.Client;

namespace FastMixer.Cli.Tests.Replay;

public sealed class SummaryPrinterTests
{
    [Fact]
    public void Print_Text_TellsWhatMatters()
    {
        string[] expected =
        [
            "Lines: 1,003 read, 7 not parsed",
            "  line 1: why",
            "  line 2: why",
            "  line 3: why",
            "  line 4: why",
            "  line 5: why",
            "  and 2 more",
            "Checks: 4 answered, 1 failed, in 2s (2/s), p50 1ms, p99 2ms",
            "             3   75.0 %  PERMISSION_DENIED",
            "             1   25.0 %  OK",
            "Denied by:",
            "             2  deny.ns",
            "             1  other",
            "Paths denied most:",
            "             3  /\\u001b[31m",
            "Sources denied most:",
            "             3  10.0.0.1",
            "Reports: 90 records accepted, 10 refused and sent again, 0 not delivered",
            "Failures:",
            "             1  timeout: too slow",
        ];
        Assert.Equal(expected, SummaryPrinter.Print(OutputFormat.Text, Example(), new ReplayOptions(), 10).Split(Environment.NewLine));
    }

    [Fact]
    public void Print_Json_HasTheSameFigures()
    {
        string text = SummaryPrinter.Print(OutputFormat.Json, Example(), new ReplayOptions(), 1);
        Assert.DoesNotContain('\n', text);
        using JsonDocument document = JsonDocument.Parse(text);
        JsonElement root = document.RootElement;
        Assert.Equal(1003, root.GetProperty("lines").GetProperty("read").GetInt64());
        Assert.Equal(7, root.GetProperty("lines").GetProperty("notParsed").GetInt64());
        Assert.Equal(5, root.GetProperty("lines").GetProperty("firstNotParsed").GetArrayLength());
        JsonElement checks = root.GetProperty("checks");
        Assert.Equal(2, checks.GetProperty("perSecond").GetDouble());
        Assert.InRange(checks.GetProperty("latencyUs").GetProperty("p50").GetInt64(), 1000, 1001);
        Assert.Equal(3, checks.GetProperty("byStatus").GetProperty("PERMISSION_DENIED").GetInt64());
        Assert.Equal("""[{"rule":"deny.ns","count":2}]""", checks.GetProperty("deniedByRule").GetRawText());
        Assert.Equal("""{"accepted":90,"refused":10,"undelivered":0}""", root.GetProperty("reports").GetRawText());
        Assert.Equal("""[{"sort":"timeout","count":1,"example":"too slow"}]""", root.GetProperty("failures").GetRawText());
    }

    [Theory]
    [InlineData("denyadmin.istio-system:not here", "denyadmin.istio-system")]
    [InlineData("quota exhausted: requests", "quota exhausted: requests")]
    [InlineData("nothing.to see:x", "nothing.to see:x")]
    [InlineData("a.:x", "a.:x")]
    [InlineData("", "(no message)")]
    [InlineData(
        "0123456789012345678901234567890123456789012345678901234567890123456789",
        "012345678901234567890123456789012345678901234567890123456789")]
    public void Of_Message_IsTheHandlerOrTheBeginning(string message, string rule) => Assert.Equal(rule, DenialRule.Of(message));

    [Fact]
    public void Top_EquallyFrequent_AreOrderedByName()
    {
        var counter = new TopCounter();
        foreach (string text in new[] { "b", "a", "c", "c" })
        {
            counter.Add(text);
        }

        Assert.Equal([new("c", 2), new("a", 1)], counter.Top(2));
    }

    [Fact]
    public void Add_MoreTextsThanAreKept_AreCountedTogether()
    {
        var counter = new TopCounter();
        for (int i = 0; i < 100_010; i++)
        {
            counter.Add($"{i}");
        }

        Assert.Equal([new(TopCounter.Other, 10)], counter.Top(1));
    }

    private static ReplaySummary Example()
    {
        var summary = new ReplaySummary { Elapsed = TimeSpan.FromSeconds(2) };
        for (int line = 1; line <= 1003; line++)
        {
            summary.AddLine();
        }

        for (int line = 1; line <= 7; line++)
        {
            summary.AddNotParsed(line, "why");
        }

        AccessLogEntry entry = Lines.Parse(Lines.Get("/\x1b[31m?x"));
        summary.AddVerdict(entry, FakeTarget.Allowed, TimeSpan.FromMilliseconds(1));
        summary.AddVerdict(entry, FakeTarget.Denied("deny.ns:a"), TimeSpan.FromMilliseconds(1));
        summary.AddVerdict(entry, FakeTarget.Denied("deny.ns:b"), TimeSpan.FromMilliseconds(1));
        summary.AddVerdict(entry, FakeTarget.Denied("other"), TimeSpan.FromMilliseconds(2));
        summary.AddFailure(new MixerTimeoutException("too slow"));
        summary.AddAcknowledgement(90, 10);
        return summary;
    }
}
