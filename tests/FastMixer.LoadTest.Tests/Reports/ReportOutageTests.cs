using FastMixer.LoadTest.Experiments;
using FastMixer.LoadTest.Load;
using FastMixer.LoadTest.Report;
using FastMixer.LoadTest.Reports;

namespace FastMixer.LoadTest.Tests.Reports;

public sealed class ReportOutageTests
{
    [Fact]
    public void Run_BackendThatStallsAndResetsAndComesBack_LosesNothingUncounted()
    {
        var setup = new ExperimentSetup
        {
            FastMixer = Path.Combine(AppContext.BaseDirectory, "fastmixer"),
            Load = new RoundSettings { Connections = 2, Depth = 4, Duration = TimeSpan.Zero, Warmup = TimeSpan.Zero, Rounds = 1 },
        };

        ReportOutageResult result = ReportOutageExperiment.Run(setup, TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);

        Assert.All(result.Sums, sum => Assert.True(sum.Says == sum.Is, $"{sum.Title}: {sum.Says} and {sum.Is}"));
        Assert.True(result.SumsAgree, "The backend has acknowledged nothing.");
        Assert.True(result.Unanswered > 0 && result.Resets > 0, $"{result.Unanswered} unanswered, {result.Resets} reset");
        Assert.True(result.Memory.Count > 0 && result.Memory.First > 0, "There is no sample of the memory.");
        using var text = new StringWriter();
        ReportOutageReport.WriteText(text, result);
        Assert.Contains("the sums agree", text.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new long[] { 100, 100, 100, 90, 110, 110 }, true)]
    [InlineData(new long[] { 100, 100, 500, 500, 111, 111 }, false)]
    [InlineData(new long[] { 100 }, true)]
    [InlineData(new long[] { }, false)]
    public void IsFlat_ComparesTheLastThirdWithTheFirst(long[] samples, bool expected)
    {
        var memory = new MemorySamples();
        Array.ForEach(samples, memory.Add);

        Assert.Equal(expected, memory.IsFlat);
    }

    [Fact]
    public void TryTake_MessagesInPieces_AreFoundWhole_WithTheAnswersTheyAskFor()
    {
        byte[] two = [.. Message("a"), .. Message("b")];
        var messages = new ForwardMessages();
        var found = new List<(int Entries, byte[] Answer)>();
        foreach (byte piece in two)
        {
            messages.Room().Span[0] = piece;
            messages.Add(1);
            while (messages.TryTake(out int entries, out byte[] answer))
            {
                found.Add((entries, answer));
            }
        }

        Assert.Equal([2, 2], found.Select(message => message.Entries));
        Assert.Equal([[0x81, 0xa3, .. "ack"u8, 0xa1, (byte)'a'], [0x81, 0xa3, .. "ack"u8, 0xa1, (byte)'b']], found.Select(message => message.Answer));
    }

    [Theory]
    [InlineData(new byte[] { 0x92, 1, 2 })]
    [InlineData(new byte[] { 0x93, 0xa1, 0x61, 0x90, 0x81, 0xa4, 0x73, 0x69, 0x7a, 0x65, 3 })]
    [InlineData(new byte[] { 0xc1 })]
    public void TryTake_WhatIsNoMessage_IsSaid(byte[] bytes)
    {
        var messages = new ForwardMessages();
        bytes.CopyTo(messages.Room());
        messages.Add(bytes.Length);

        Assert.Contains("no message", Assert.Throws<LoadTestException>(() => messages.TryTake(out _, out _)).Message, StringComparison.Ordinal);
    }

    private static byte[] Message(string chunk) =>
        [0x93, 0xa1, (byte)'t', 0x92, 0x92, 1, 0x80, 0x92, 2, 0x80, 0x82, 0xa5, .. "chunk"u8, 0xa1, (byte)chunk[0], 0xa4, .. "size"u8, 2];
}
