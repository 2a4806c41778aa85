using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FastMixer.Adapters.Backends;
using FastMixer.Adapters.Http;
using FastMixer.Adapters.Opa;
using FastMixer.Adapters.Tests.Support;
using FastMixer.EndToEnd.Tests.Support;
using FastMixer.Engine.Handlers;
using FastMixer.Engine.Tests.Support;
using FastMixer.Protocol.Messages;

namespace FastMixer.Adapters.Tests.Backends;

/// <summary>
/// Servers that stall, reset, hang up, answer garbage or too much: the handlers that ask them fail, and say why without an address; they ask again as if nothing
/// had been when the server is back.
/// </summary>
public sealed class MisbehaviourTests
{
    public static TheoryData<string, string, string> Wrongs => new()
    {
        { "http", "reset", "could not be" },
        { "http", "close", "hung up without an answer" },
        { "http", "garbage", "sent no valid HTTP answer" },
        { "http", "half a header", "hung up without an answer" },
        { "http", "endless headers", "sent headers that are too long" },
        { "opa", "reset", "could not be" },
        { "opa", "close", "hung up without an answer" },
        { "opa", "garbage", "sent no valid HTTP answer" },
        { "opa", "body cut off", "broke off in the middle of an answer" },
        { "opa", "chunks cut off", "broke off in the middle of an answer" },
        { "opa", "huge length", "sent more than 65536 bytes" },
        { "opa", "endless body", "sent more than 65536 bytes" },
    };

    [Theory]
    [MemberData(nameof(Wrongs))]
    public async Task WrongAnswer_IsAFailure_AndTheNextIsNot(string adapter, string wrong, string reason)
    {
        await using var server = new HttpTestServer(exchange => DoWrongAsync(exchange, wrong));
        await using TestEngine engine = Start(adapter, server.Url);

        Answer failed = await engine.CheckAsync();
        server.Script = exchange => exchange.AnswerAsync("200 OK", """{"result": true}""");
        Answer answered = await engine.CheckAsync();

        // A reset may be seen while the answer is read, or before.
        Assert.True(
            failed.Failure?.Contains(reason, StringComparison.Ordinal) == true || (wrong == "reset" && failed.Failure is not null), failed.Failure ?? "no failure");
        Assert.DoesNotContain("127.0.0.1", failed.Failure, StringComparison.Ordinal);
        Assert.Equal((null, StatusCode.Ok), (answered.Failure, answered.Status));
    }

    [Theory]
    [InlineData("stall")]
    [InlineData("trickle of headers")]
    [InlineData("trickle of body")]
    public async Task EndOfPatience_EndsTheWait(string wrong)
    {
        using var patience = new CancellationTokenSource();
        await using var server = new HttpTestServer(exchange => DoWrongAsync(exchange, wrong));
        var adapter = new DirectAdapter(new OpaAdapter()) { Patience = patience.Token };
        await using TestEngine engine = Start("opa", server.Url, adapter);

        Task<Answer> asked = engine.CheckAsync();
        await Eventually.TrueAsync(() => server.Requests.Count > 0);
        await patience.CancelAsync();

        Assert.NotNull((await asked).Failure);
    }

    [Fact]
    public async Task ServerThatDiesAndComesBack_IsAskedAgain()
    {
        await using HttpTestServer server = HttpTestServer.Answering("200 OK");
        await using TestEngine engine = Start("http", server.Url);

        Answer before = await engine.CheckAsync();
        await server.StopAsync();
        Answer meanwhile = await engine.CheckAsync();
        server.Restart();
        Answer after = await engine.CheckAsync();

        Assert.Equal((StatusCode.Ok, StatusCode.Ok), (before.Status, after.Status));
        Assert.Equal("the handler asked.istio-system failed: could not be connected to", meanwhile.Failure);
        Assert.Null(after.Failure);
    }

    [Theory]
    [InlineData("body cut off")]
    [InlineData("huge length")]
    [InlineData("endless body")]
    public async Task DenialWhoseBodyIsWrong_IsADenial(string wrong)
    {
        await using var server = new HttpTestServer(exchange => DoWrongAsync(exchange, wrong, "403 Forbidden"));
        await using TestEngine engine = Start("http", server.Url);

        Answer answer = await engine.CheckAsync();

        Assert.Equal((null, StatusCode.PermissionDenied, "asked.istio-system:the authorizer answered 403"), (answer.Failure, answer.Status, answer.Message));
    }

    [Fact]
    public async Task DenialWhoseBodyComesTooLate_IsADenial()
    {
        using var response = new HttpResponseMessage(System.Net.HttpStatusCode.Forbidden) { Content = new StreamContent(new MemoryStream(new byte[10])) };
        var settings = new HttpSettings(
            new HttpBackendSettings(new Uri("http://localhost"), [], 1, ""), WebhookMethod.Get, [], [], new LifeSettings(default, default, 1), PassedHeaders: []);

        CheckResult result = await Denial.ReadAsync(response, TimeSpan.FromSeconds(3), settings, new CancellationToken(canceled: true));

        Assert.Equal((StatusCode.PermissionDenied, TimeSpan.FromSeconds(3)), (result.Status, result.ValidDuration));
        Assert.Equal((403, 0), (result.DirectResponse!.HttpStatus, result.DirectResponse.Utf8Body.Length));
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, "the handler asked.istio-system failed: could not be trusted (TLS)")]
    public async Task TlsServer_IsTrusted_IfItsAuthorityIs(bool isTrusted, string? failure)
    {
        using RSA key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using X509Certificate2 certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
            await using HttpTestServer server = HttpTestServer.Answering("200 OK");
            server.Wrap = async plain =>
            {
                var tls = new SslStream(plain);
                await tls.AuthenticateAsServerAsync(certificate);
                return tls;
            };
            await using TestEngine engine = Start("http", $"https://localhost:{server.Port}", more: isTrusted ? $", ca_file: {file}" : "");

            Assert.Equal(failure, (await engine.CheckAsync()).Failure);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void MissingFileOfAuthorities_KeepsTheHandlerFromStarting()
    {
        Assert.ThrowsAny<Exception>(() => Start("http", "https://localhost", more: ", ca_file: /no/such/file.pem"));
    }

    private static async Task DoWrongAsync(HttpExchange exchange, string wrong, string status = "200 OK")
    {
        await (wrong switch
        {
            "reset" => exchange.ResetAsync(),
            "close" => exchange.CloseAsync(),
            "garbage" => exchange.SendAsync("\0\u0001garbage\r\n\r\n"),
            "half a header" => exchange.SendAsync($"HTTP/1.1 {status}\r\ncontent-le"),
            "endless headers" => RepeatAsync(() => Task.CompletedTask, $"HTTP/1.1 {status}\r\n", "x-more: 0123456789\r\n", exchange),
            "body cut off" => exchange.SendAsync($"HTTP/1.1 {status}\r\ncontent-length: 100\r\n\r\nno"),
            "chunks cut off" => exchange.SendAsync($"HTTP/1.1 {status}\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{{\"res\r\n"),
            "huge length" => exchange.SendAsync($"HTTP/1.1 {status}\r\ncontent-length: 99999999999\r\n\r\nno"),
            "endless body" => RepeatAsync(() => Task.CompletedTask, $"HTTP/1.1 {status}\r\ncontent-type: text/plain\r\n\r\n", new string(' ', 1024), exchange),
            "trickle of headers" => RepeatAsync(() => Task.Delay(5, exchange.Stop), $"HTTP/1.1 {status}\r\nx: ", "y", exchange),
            "trickle of body" => RepeatAsync(() => Task.Delay(5, exchange.Stop), $"HTTP/1.1 {status}\r\ncontent-length: 60000\r\n\r\n", " ", exchange),
            _ => exchange.StallAsync(),
        });
        await exchange.CloseAsync();
    }

    // Until the other side has enough, or the server ends.
    private static async Task RepeatAsync(Func<Task> pause, string first, string more, HttpExchange exchange)
    {
        await exchange.SendAsync(first);
        while (true)
        {
            await exchange.SendAsync(more);
            await pause();
        }
    }

    private static TestEngine Start(string adapter, string url, DirectAdapter? direct = null, string more = "")
    {
        Adapter inner = adapter == "opa" ? new OpaAdapter() : new HttpAdapter();
        string where = adapter == "opa" ? $"server_url: \"{url}\", path: a" : $"url: \"{url}\"";
        return TestEngine.Start(
            $$"""
            kind: handler
            metadata: {name: asked}
            spec:
              compiledAdapter: {{adapter}}
              params: { {{where}}{{more}} }
            ---
            kind: instance
            metadata: {name: request}
            spec: {compiledTemplate: authorization}
            ---
            kind: rule
            metadata: {name: check}
            spec: {actions: [{handler: asked, instances: [request]}]}
            """,
            direct ?? new DirectAdapter(inner));
    }
}
