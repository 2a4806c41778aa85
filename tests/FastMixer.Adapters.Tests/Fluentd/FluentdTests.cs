using System.Net;
using FastMixer.Adapters.Tests.Support;
using FastMixer.EndToEnd.Tests.Support;
using FastMixer.Protocol.Attributes;
using Microsoft.Extensions.Time.Testing;

namespace FastMixer.Adapters.Tests.Fluentd;

/// <summary>What a <c>fluentd</c> handler sends, and what it makes of each way in which a server may fail it.</summary>
public sealed class FluentdTests
{
    private const long Moment = 1_500_000_000_123_456_789;

    private static readonly (string, string, string) Line =
        ("line", "logentry", "timestamp: request.time, severity: '\"warning\"', variables: {path: request.path | \"\", size: request.size | 0}");

    private static readonly (string, string, string) Tagged =
        ("tagged", "logentry", "variables: {tag: request.path | \"\", size: request.size | 0}");

    [Fact]
    public async Task Entry_HasItsTimeItsVariablesAndItsSeverity_UnderTheNameOfItsInstance()
    {
        await using var server = new ForwardServer();
        await using ReportedPolicy policy = Start(server, "", Line);

        policy.Report(Request("/a", 1), Request("/b", -300_000));
        await policy.SettledAsync(delivered: 2);

        Assert.All(server.Messages, message => Assert.Equal("line.logentry.istio-system", message.Tag));
        Assert.All(server.Messages, message => Assert.Equal(message.Entries.Count, message.Size));
        Assert.All(server.Entries, entry => Assert.Equal(Moment, entry.Time));
        Assert.Equal(
            [("/a", 1L, "warning"), ("/b", -300_000L, "warning")],
            server.Entries.Select(entry => ((string)entry.Record["path"]!, (long)entry.Record["size"]!, (string)entry.Record["severity"]!)));
        Assert.All(server.Entries, entry => Assert.Equal(3, entry.Record.Count));
    }

    [Theory]
    [InlineData(false, "1.5s")]
    [InlineData(true, 1500L)]
    public async Task Values_AreNumbersBoolsAndText(bool integerDuration, object duration)
    {
        await using var server = new ForwardServer();
        await using ReportedPolicy policy = Start(
            server,
            $"integer_duration: {(integerDuration ? "true" : "false")}",
            ("line", "logentry", """
                severity: '"info"', variables: {number: request.size, double: '2.5', yes: connection.mtls, when: request.time,
                took: response.duration, ip: source.ip, map: request.headers, severity: '"another"', text: request.path}
                """.ReplaceLineEndings(" ")));

        policy.Report(record =>
        {
            Request("/ä", long.MinValue)(record);
            record.Set("connection.mtls", true);
            record.SetDuration("response.duration", 1_500_000_000);
            record.SetIpAddress("source.ip", IPAddress.Parse("2001:db8::1").GetAddressBytes());
            record.Set("request.headers", new Dictionary<string, string> { ["a"] = "x", ["b"] = "y" });
        });
        await policy.SettledAsync(delivered: 1);

        IReadOnlyDictionary<string, object?> sent = server.Entries[0].Record;
        Assert.Equal(
            new Dictionary<string, object?>
            {
                ["number"] = long.MinValue,
                ["double"] = 2.5,
                ["yes"] = true,
                ["when"] = "2017-07-14T02:40:00.123456789Z",
                ["took"] = duration,
                ["ip"] = "2001:db8::1",
                ["text"] = "/ä",
                ["severity"] = "info",
            },
            sent.Where(pair => pair.Key != "map").ToDictionary());
        Assert.Equal(new Dictionary<string, object?> { ["a"] = "x", ["b"] = "y" }, sent["map"]);
    }

    [Fact]
    public async Task TagVariable_IsTheTag_AndNoPartOfTheRecord_AndOrderIsKept()
    {
        await using var server = new ForwardServer();
        await using ReportedPolicy policy = Start(server, "", Tagged);

        // More changes of the tag than messages may be on their way at once.
        policy.Report([.. Enumerable.Range(0, 100).Select(i => Request(i % 2 == 0 ? "even" : "odd", i)), Request("", 100)]);
        await policy.SettledAsync(delivered: 101);

        Assert.Equal(Enumerable.Range(0, 101).Select(i => (long)i), server.Entries.Select(entry => (long)entry.Record["size"]!));
        Assert.All(server.Messages.SkipLast(1), message => Assert.All(
            message.Entries, entry => Assert.Equal((long)entry.Record["size"]! % 2 == 0 ? "even" : "odd", message.Tag)));
        Assert.Equal("tagged.logentry.istio-system", server.Messages[^1].Tag);
        Assert.All(server.Entries, entry => Assert.DoesNotContain("tag", entry.Record.Keys));
        Assert.Equal(server.Messages.Count, server.Messages.DistinctBy(message => message.Chunk).Count());
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task Messages_StayBelowTheLimit_AndAnEntryBeyondItIsRejected()
    {
        await using var server = new ForwardServer();
        await using ReportedPolicy policy = Start(server, "max_batch_size_bytes: 1024", Line);

        policy.Report([.. Enumerable.Range(0, 20).Select(i => Request(i == 10 ? new string('x', 2000) : new string('y', 300), i))]);
        await policy.SettledAsync(delivered: 19, rejected: 1);

        Assert.Equal(Enumerable.Range(0, 20).Where(i => i != 10).Select(i => (long)i), server.Entries.Select(entry => (long)entry.Record["size"]!));
        Assert.All(server.Messages, message => Assert.InRange(message.Entries.Count, 1, 2));
    }

    [Fact]
    public async Task ConnectionsThatAreReset_AreMadeAgain_AndWhatWasAcknowledged_IsNotSentTwice()
    {
        await using var server = new ForwardServer { React = static came => came % 3 == 2 && came < 12 ? Reaction.Reset : Reaction.Acknowledge };
        await using ReportedPolicy policy = Start(server, "", Tagged);

        policy.Report([.. Enumerable.Range(0, 20).Select(i => Request($"tag{i}", i))]);
        await policy.SettledAsync(delivered: 20);

        Assert.Equal(4, policy.Counters.FailedAttempts);
        Assert.Equal(5, server.Connections);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => (long)i), server.Entries.Select(entry => (long)entry.Record["size"]!).Distinct());
    }

    [Theory]
    [InlineData(Reaction.StaySilent)]
    [InlineData(Reaction.AcknowledgeAnother)]
    [InlineData(Reaction.SendNonsense)]
    [InlineData(Reaction.Reset)]
    public async Task ServerThatDoesNotAcknowledge_IsTriedAgain_UntilItDoes(object reaction)
    {
        await using var server = new ForwardServer { React = came => came < 2 ? (Reaction)reaction : Reaction.Acknowledge };
        await using ReportedPolicy policy = Start(server, "push_timeout_duration: 100ms", Line);

        policy.Report(Request("/a", 1));
        await policy.SettledAsync(delivered: 1);

        Assert.InRange(policy.Counters.FailedAttempts, 2, 7);
        Assert.Single(server.Entries);
    }

    [Fact]
    public async Task ServerThatNeverAnswers_LosesEntriesAfterAllAttempts_AndTheyAreCounted()
    {
        var time = new FakeTimeProvider();
        await using var server = new ForwardServer { React = static _ => Reaction.StaySilent };
        await using ReportedPolicy policy = ReportedPolicy.Start(
            time, "fluentd", $"address: '{server.Address}', push_interval_duration: 0s, push_timeout_duration: 1s", Line);

        policy.Report(Request("/a", 1), Request("/b", 2));
        await Eventually.TrueAsync(() => policy.Counters.Sent == 2);
        Assert.Equal(2, policy.Counters.Held);
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return policy.Counters.Held == 0;
        });

        await policy.SettledAsync(delivered: 0, failed: 2);
        Assert.Equal(8, policy.Counters.FailedAttempts);
    }

    [Fact]
    public async Task ConnectionThatTheServerClosedMeanwhile_IsNotUsedAgain()
    {
        await using var server = new ForwardServer();
        await using ReportedPolicy policy = Start(server, "", Line);
        policy.Report(Request("/a", 1));
        await policy.SettledAsync(delivered: 1);

        server.Disconnect();
        policy.Report(Request("/b", 2));
        await policy.SettledAsync(delivered: 2);

        Assert.Equal((2, 0L), (server.Connections, policy.Counters.FailedAttempts));
    }

    [Fact]
    public async Task WhatWaitsForMore_IsSentWhenTheHandlerEnds()
    {
        await using var server = new ForwardServer();
        await using (ReportedPolicy policy = ReportedPolicy.Start("fluentd", $"address: '{server.Address}'", Line))
        {
            policy.Report(Request("/a", 1));
        }

        Assert.Single(server.Entries);
    }

    [Theory]
    [InlineData("address: ':24224'", "policy.yaml:5:21: error: \"address\": expected host:port, such as localhost:24224")]
    [InlineData("integer_duration: 1", "policy.yaml:5:30: error: \"integer_duration\": expected true or false")]
    [InlineData("instance_buffer_size: 0", "policy.yaml:5:34: error: \"instance_buffer_size\": expected a whole number from 1")]
    [InlineData("max_batch_size_bytes: 10", "policy.yaml:5:34: error: \"max_batch_size_bytes\": expected a whole number from 1024")]
    [InlineData("push_interval_duration: 2h", "policy.yaml:5:36: error: \"push_interval_duration\": expected a duration from 0ms to 1h")]
    [InlineData("push_timeout_duration: 0s", "policy.yaml:5:35: error: \"push_timeout_duration\": expected a duration from 1ms to 1h")]
    [InlineData("flush: 1", "policy.yaml:5:12: error: Unknown field \"flush\"")]
    public void WrongParameters_AreToldWithTheirPlace(string parameters, string problem) =>
        Assert.Contains(ReportedPolicy.Problems("fluentd", parameters, Line), told => told.Contains(problem, StringComparison.Ordinal));

    [Fact]
    public void TagThatIsNoText_IsRefused() =>
        Assert.Contains(
            ReportedPolicy.Problems("fluentd", "", ("line", "logentry", "variables: {tag: request.size}")),
            told => told.Contains("is Fluentd's tag: expected text, found INT64", StringComparison.Ordinal));

    private static Action<AttributeWriter> Request(string path, long size) => record =>
    {
        record.SetTimestamp("request.time", Moment);
        record.Set("request.path", path);
        record.Set("request.size", size);
    };

    private static ReportedPolicy Start(ForwardServer server, string parameters, params (string, string, string)[] instances) =>
        ReportedPolicy.Start("fluentd", $"address: '{server.Address}', push_interval_duration: 0s, {parameters}", instances);
}
