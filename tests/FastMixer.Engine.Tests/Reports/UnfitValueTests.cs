using FastMixer.Engine.Reports.Accounting;
using FastMixer.Engine.Tests.Support;

namespace FastMixer.Engine.Tests.Reports;

/// <summary>Values of metrics that are none which can be summed up are dropped, each by itself.</summary>
public sealed class UnfitValueTests : AccountingTest
{
    [Theory]
    [InlineData("counter", 2)]
    [InlineData("gauge", 3)]
    [InlineData("distribution", 3)]
    public async Task Values_ThatCannotBeSummedUp_AreDropped(string kind, int valid)
    {
        string policy = Policy(kind, "").Replace("value: request.size | 0", "value: request.path | \"\"", StringComparison.Ordinal);
        await using TestEngine engine = TestEngine.Start(policy, Sink);

        engine.Report(Path("1.5", 0), Path("2", 0), Path("-3", 0), Path("NaN", 0), Path("Infinity", 0), Path("x", 0), Path("", 0), Path("1 ", 0));
        await Settled(engine, 8);

        AssertRecords(engine, valid, (DropReason.InvalidValue, 8 - valid));
    }

    [Fact]
    public async Task NegativeDurations_AreDropped()
    {
        string policy = Policy("distribution", "").Replace("value: request.size | 0", "value: response.duration | \"0s\"", StringComparison.Ordinal);
        await using TestEngine engine = TestEngine.Start(policy, Sink);

        engine.Report(record => record.SetDuration("response.duration", -1), record => record.SetDuration("response.duration", 1));
        await Settled(engine, 2);

        AssertRecords(engine, 1, (DropReason.InvalidValue, 1));
    }

    [Fact]
    public async Task NotANumber_IsDropped()
    {
        string policy = """
            kind: attributemanifest
            metadata: {name: more}
            spec: {attributes: {ratio: {valueType: DOUBLE}}}
            ---

            """ + Policy("gauge", "").Replace("value: request.size | 0", "value: ratio", StringComparison.Ordinal);
        await using TestEngine engine = TestEngine.Start(policy, Sink);

        engine.Report(record => record.Set("ratio", double.NaN), record => record.Set("ratio", -0.5), record => record.Set("ratio", double.PositiveInfinity));
        await Settled(engine, 3);

        AssertRecords(engine, 1, (DropReason.InvalidValue, 2));
    }
}
