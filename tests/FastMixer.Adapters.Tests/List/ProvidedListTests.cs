using System.Diagnostics.Metrics;
using FastMixer.Adapters.List;
using FastMixer.Adapters.Tests.Support;
using FastMixer.EndToEnd.Tests.Support;
using FastMixer.Engine.Tests.Support;
using FastMixer.Protocol.Messages;

namespace FastMixer.Adapters.Tests.List;

/// <summary>Lists that come from a provider: over real sockets and files, on a clock that tests turn.</summary>
public sealed class ProvidedListTests
{
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(60);

    private readonly DirectAdapter _adapter = new(new ListAdapter());
    private readonly TurnedClock _time = new(ignored: TimeSpan.FromSeconds(5));

    [Fact]
    public async Task List_IsThereWhenTheHandlerIs_WithItsOverrides()
    {
        await using HttpTestServer server = HttpTestServer.Answering("200 OK", "jane\r\n\n  \njoe#\n");
        await using TestEngine engine = Start(server.Url + "/list?a=b", "overrides: [root]", "headers: {authorization: Bearer 1}");

        Assert.Equal(
            [StatusCode.Ok, StatusCode.Ok, StatusCode.Ok, StatusCode.PermissionDenied, StatusCode.PermissionDenied],
            [await AskAsync(engine, "jane"), await AskAsync(engine, "joe#"), await AskAsync(engine, "root"), await AskAsync(engine, "joe"), await AskAsync(engine, "")]);
        HttpExchange request = Assert.Single(server.Requests);
        Assert.Equal(("GET", "/list?a=b", "Bearer 1"), (request.Method, request.Target, request.Headers["authorization"]));
        Assert.Equal(["Information: The list of list.istio-system is there: 3 entries."], _adapter.Log.Lines);
    }

    [Fact]
    public async Task List_IsRenewedInTheBackground()
    {
        await using HttpTestServer server = HttpTestServer.Answering("200 OK", "jane");
        await using TestEngine engine = Start(server.Url);

        server.Script = exchange => exchange.AnswerAsync("200 OK", "joe");
        await _time.TurnAsync(Refresh);

        Assert.Equal(StatusCode.Ok, await AskAsync(engine, "joe"));
        Assert.Equal(StatusCode.PermissionDenied, await AskAsync(engine, "jane"));
        Assert.Single(_adapter.Log.Lines);
    }

    [Theory]
    [InlineData("etag: \"1\"", "if-none-match", "\"1\"")]
    [InlineData("etag: W/\"2\"", "if-none-match", "W/\"2\"")]
    [InlineData("last-modified: Fri, 02 Jan 2026 03:04:15 GMT", "if-modified-since", "Fri, 02 Jan 2026 03:04:15 GMT")]
    public async Task UnchangedList_IsAskedForOnlyIfItChanged_AndLivesOn(string header, string condition, string value)
    {
        await using HttpTestServer server = HttpTestServer.Answering("200 OK", "jane", header);
        await using TestEngine engine = Start(server.Url);

        server.Script = exchange => exchange.AnswerAsync("304 Not Modified");
        for (int i = 0; i < 10; i++)
        {
            await _time.TurnAsync(Refresh);
        }

        // Ten intervals of a minute are more than its life of five.
        Assert.Equal(StatusCode.Ok, await AskAsync(engine, "jane"));
        Assert.Equal(11, server.Requests.Count);
        Assert.All(server.Requests.Skip(1), request => Assert.Equal(value, request.Headers[condition]));
        Assert.False(server.Requests[0].Headers.ContainsKey(condition));
    }

    [Theory]
    [InlineData("500 Internal Server Error", "", "answered 500 instead of 200")]
    [InlineData("301 Moved", "", "answered 301 instead of 200")]
    [InlineData("200 OK", "10.0.0.1\n\nno address\nneither", "has what is no list: line 3: 'no address' is no IP address or range: expected one such as 10.0.0.1, 10.0.0.0/8 or fd00::/8.")]
    [InlineData("200 OK", "1.1.1.1\n2.2.2.2\n3.3.3.3\n4.4.4.4\n5.5.5.5", "has what is no list: it has more than 4 entries")]
    [InlineData("200 OK", "1.1.1.1\n                                                                                                     ", "sent more than 100 bytes")]
    [InlineData("200 OK", "blacklist: [1.1.1.1]\nwhitelist: [1.1.1.1]", "has what is no list: line 1: Unknown field \"blacklist\".")]
    [InlineData("200 OK", "whitelist: [1.1.1.1", "has what is no list: line 1:")]
    public async Task ProviderInTrouble_TheLastGoodListIsUsedUntilItsTtl_ThenChecksFail_UntilThereIsOneAgain(string status, string body, string reason)
    {
        await using HttpTestServer server = HttpTestServer.Answering("200 OK", "10.0.0.1");
        await using TestEngine engine = Start(server.Url, "entry_type: IP_ADDRESSES", "ttl: 70s", "max_entries: 4", "max_bytes: 100");

        server.Script = exchange => exchange.AnswerAsync(status, body);
        await _time.TurnAsync(Refresh);
        Assert.StartsWith($"Warning: The list of list.istio-system could not be renewed: its provider {reason}", _adapter.Log.Lines[1], StringComparison.Ordinal);
        Assert.Equal(StatusCode.Ok, await AskAsync(engine, "10.0.0.1"));

        await _time.TurnAsync(Refresh);
        Answer without = await CheckAsync(engine, "10.0.0.1");
        Assert.Equal("the handler list.istio-system failed: its list could not be renewed for too long", without.Failure);
        Assert.StartsWith($"Error: The handler list.istio-system has no list: its provider {reason}", _adapter.Log.Lines[2], StringComparison.Ordinal);

        await _time.TurnAsync(Refresh);
        server.Script = exchange => exchange.AnswerAsync("200 OK", "10.0.0.1");
        await _time.TurnAsync(Refresh);
        Assert.Equal(StatusCode.Ok, await AskAsync(engine, "10.0.0.1"));
        Assert.Equal(4, _adapter.Log.Lines.Count);
    }

    [Theory]
    [InlineData("", "the handler list.istio-system failed: its list has not come yet")]
    [InlineData("onError: deny", null)]
    public async Task ProviderThatIsNotThereAtFirst_KeepsNothingFromStarting_AndLetsNobodyPass(string onError, string? failure)
    {
        await using HttpTestServer server = HttpTestServer.Answering("200 OK", "jane");
        await server.StopAsync();
        await using TestEngine engine = TestEngine.Start(Policy(server.Url, onError), _time, _adapter);

        Answer answer = await CheckAsync(engine, "jane");
        Assert.Equal(failure, answer.Failure);
        Assert.True(failure is not null || answer.Status == StatusCode.PermissionDenied);
        Assert.Equal(
            ["Error: The handler list.istio-system has no list: its provider could not be connected to. Its checks fail until there is one."], _adapter.Log.Lines);

        // It is asked again after a second, long before the interval is over.
        server.Restart();
        await _time.TurnAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(StatusCode.Ok, await AskAsync(engine, "jane"));
    }

    [Theory]
    [InlineData("stall")]
    [InlineData("trickle")]
    public async Task ProviderThatStalls_IsWaitedForNoLongerThanARequestMayTake(string wrong)
    {
        await using var server = new HttpTestServer(async exchange =>
        {
            await exchange.SendAsync(wrong == "stall" ? "" : "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\na");
            await exchange.StallAsync();
        });

        Task<TestEngine> starting = Task.Run(() => Start(server.Url));
        await Eventually.TrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            return starting.IsCompleted;
        });

        await using TestEngine engine = await starting;
        Assert.NotNull((await CheckAsync(engine, "jane")).Failure);
        Assert.Contains("its provider did not answer within 5 s", _adapter.Log.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task PageOfHtml_IsNoList()
    {
        await using HttpTestServer server = HttpTestServer.Answering("200 OK", "<html>", "content-type: text/html; charset=utf-8");
        await using TestEngine engine = Start(server.Url);

        Assert.NotNull((await CheckAsync(engine, "<html>")).Failure);
        Assert.Contains("answered with a page of HTML instead of a list", _adapter.Log.Lines[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("whitelist:\n- 10.1.0.0/16\n- 'fd00::/8'\n")]
    [InlineData("# list\n---\nwhitelist: [10.1.0.0/16, \"fd00::/8\"]")]
    [InlineData("{\"whitelist\": [\"10.1.0.0/16\", \"fd00::/8\"]}")]
    [InlineData("\uFEFF 10.1.0.0/16 \r\n\r\nfd00::/8")]
    public async Task Addresses_AreReadInTheOriginalsForm_AndAsLines(string body)
    {
        await using HttpTestServer server = HttpTestServer.Answering("200 OK", body);
        await using TestEngine engine = Start(server.Url, "entry_type: IP_ADDRESSES", "blacklist: true");

        Assert.Equal(
            [StatusCode.PermissionDenied, StatusCode.PermissionDenied, StatusCode.Ok],
            [await AskAsync(engine, "10.1.2.3"), await AskAsync(engine, "fd00::1"), await AskAsync(engine, "10.2.0.0")]);
    }

    [Fact]
    public async Task File_IsReadAnew_AndItsLossNoticed()
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "^ja");
            await using TestEngine engine = Start(new Uri(file).AbsoluteUri, "entry_type: REGEX");
            Assert.Equal(StatusCode.Ok, await AskAsync(engine, "jane"));

            await File.WriteAllTextAsync(file, "^jo");
            await _time.TurnAsync(Refresh);
            Assert.Equal(StatusCode.Ok, await AskAsync(engine, "joe"));
            Assert.Equal(StatusCode.PermissionDenied, await AskAsync(engine, "jane"));

            await File.WriteAllBytesAsync(file, [0xff]);
            await _time.TurnAsync(Refresh);
            Assert.Contains("has what is no list: it is not UTF-8", _adapter.Log.Lines[1], StringComparison.Ordinal);
            File.Delete(file);
            await _time.TurnAsync(TimeSpan.FromMinutes(5));
            Assert.Contains("has no list: its provider has no such file", _adapter.Log.Lines[2], StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Metrics_TellHowItGoes()
    {
        using var meter = new MeterListener();
        var counts = new Dictionary<string, double>(StringComparer.Ordinal);
        meter.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "FastMixer.Adapters")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        meter.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        meter.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        meter.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        meter.Start();

        await using HttpTestServer server = HttpTestServer.Answering("200 OK", "a\nb");
        string policy = Policy(server.Url, "").Replace("{name: list}", "{name: metered}", StringComparison.Ordinal).Replace("handler: list", "handler: metered", StringComparison.Ordinal);
        await using TestEngine engine = TestEngine.Start(policy, _time, _adapter);
        await _time.TurnAsync(Refresh);
        server.Script = exchange => exchange.AnswerAsync("500 No");
        await _time.TurnAsync(Refresh);
        meter.RecordObservableInstruments();

        Assert.Equal(
            (1, 1, 1),
            (Count("fastmixer.list.refreshes replaced"), Count("fastmixer.list.refreshes unchanged"), Count("fastmixer.list.refreshes unreachable")));
        Assert.Equal((2, 60), (Count("fastmixer.list.entries"), Count("fastmixer.list.age")));

        double Count(string name)
        {
            lock (counts)
            {
                return counts.GetValueOrDefault(name);
            }
        }

        // Other tests' lists have other names.
        void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            string outcome = "";
            foreach (KeyValuePair<string, object?> tag in tags)
            {
                if (tag.Key == "handler" && !Equals(tag.Value, "metered.istio-system"))
                {
                    return;
                }

                outcome = tag.Key == "outcome" ? " " + tag.Value : outcome;
            }

            lock (counts)
            {
                counts[instrument.Name + outcome] = instrument is Counter<long> ? counts.GetValueOrDefault(instrument.Name + outcome) + value : value;
            }
        }
    }

    [Theory]
    [InlineData("refresh_interval: 500ms", "2:19: \"refresh_interval\": expected a duration from 1s to 30 days (720h), found '500ms'.")]
    [InlineData("refresh_interval: 60s\nttl: 59s", "3:6: \"ttl\": expected a duration from the refresh_interval to 30 days (720h), found '59s'.")]
    [InlineData("ttl: 1000h", "2:6: \"ttl\": expected a duration from the refresh_interval to 30 days (720h), found '1000h'.")]
    [InlineData("request_timeout: 0s", "2:18: \"request_timeout\": expected a duration from 1ms to 30 days (720h), found '0s'.")]
    [InlineData("max_bytes: 0", "2:12: \"max_bytes\": expected a whole number from 1 to 1073741824, found '0'.")]
    [InlineData("max_entries: x", "2:14: \"max_entries\": expected a whole number from 1 to 100000000, found 'x'.")]
    [InlineData("refresh: 1s", "2:1: Unknown field \"refresh\".")]
    public void WrongParameters_AreToldWithTheirPlace(string more, string problem) => Assert.Contains(
        Parameters.Problems(new ListAdapter(), "provider_url: http://a/\n" + more), one => one.StartsWith(problem, StringComparison.Ordinal));

    [Theory]
    [InlineData("provider_url: ftp://a", "1:15: \"provider_url\": expected a URL that begins with http:// or https:// or file://.")]
    [InlineData("provider_url: http://jane:secret@a/", "1:15: \"provider_url\": a URL with credentials is refused")]
    [InlineData("provider_url: file://host/a", "1:15: \"provider_url\": a file must be of this machine: file:///folder/name.")]
    [InlineData("overrides: []", "1:1: A list needs entries: \"overrides\" is empty, and there is no \"provider_url\".")]
    [InlineData("overrides: [a]\nttl: 5s", "2:1: \"ttl\" has no meaning without a \"provider_url\".")]
    public void WrongProvider_IsToldWithItsPlace(string parameters, string problem) => Assert.StartsWith(
        problem, Assert.Single(Parameters.Problems(new ListAdapter(), parameters)), StringComparison.Ordinal);

    private static Task<Answer> CheckAsync(TestEngine engine, string value) => engine.CheckAsync(attributes => attributes.Set("source.user", value));

    private static async Task<StatusCode> AskAsync(TestEngine engine, string value)
    {
        Answer answer = await CheckAsync(engine, value);
        Assert.Null(answer.Failure);
        return answer.Status;
    }

    private TestEngine Start(string url, params string[] more) => TestEngine.Start(Policy(url, "", more), _time, _adapter);

    private static string Policy(string url, string onError, params string[] more) => $$"""
        kind: handler
        metadata: {name: list}
        spec:
          compiledAdapter: listchecker
          params: {provider_url: "{{url}}"{{string.Concat(more.Select(one => ", " + one))}} }
          {{onError}}
        ---
        kind: instance
        metadata: {name: entry}
        spec: {compiledTemplate: listentry, params: {value: source.user} }
        ---
        kind: rule
        metadata: {name: check}
        spec: {actions: [{handler: list, instances: [entry]}]}
        """;
}
