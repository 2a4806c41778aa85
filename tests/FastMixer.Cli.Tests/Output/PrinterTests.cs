using FastMixer.Cli.Output;
using FastMixer.Protocol.Messages;

namespace FastMixer.Cli.Tests.Output;

public sealed class PrinterTests
{
    private static readonly TimeSpan Latency = TimeSpan.FromMicroseconds(412);

    private static readonly Verdict Denied = new(
        StatusCode.PermissionDenied,
        "denyadmin.ns:not\u001b[2J here",
        TimeSpan.FromSeconds(5),
        1000,
        [new ReferencedAttribute("request.path", null, true), new ReferencedAttribute("request.headers", "cookie", false)],
        []);

    [Fact]
    public void Print_DeniedAsJson_IsOneObject() => Assert.Equal(
        """
        {"status":"PERMISSION_DENIED","code":7,"message":"denyadmin.ns:not\u001B[2J here","validDurationMs":5000,"validUseCount":1000,
        "referenced":[{"name":"request.path","condition":"exact"},{"name":"request.headers","key":"cookie","condition":"absence"}],"latencyUs":412}
        """.ReplaceLineEndings(""),
        VerdictPrinter.Print(OutputFormat.Json, Denied, quotasAsked: false, Latency));

    [Fact]
    public void Print_QuotasAsked_AreThereEvenIfEmpty()
    {
        Assert.Contains("\"quotas\":[],", VerdictPrinter.Print(OutputFormat.Json, Denied, quotasAsked: true, Latency), StringComparison.Ordinal);
        Verdict granted = Denied with { Quotas = [new QuotaGrant("requests", 3, TimeSpan.FromSeconds(1))] };
        Assert.Contains(
            """
            "quotas":[{"name":"requests","granted":3,"validDurationMs":1000}],
            """,
            VerdictPrinter.Print(OutputFormat.Json, granted, quotasAsked: true, Latency),
            StringComparison.Ordinal);
        Assert.Contains(
            "quotas       requests: 3 granted for 1s",
            VerdictPrinter.Print(OutputFormat.Text, granted, quotasAsked: true, Latency),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Print_DeniedAsText_IsForPeople() => Assert.Equal(
        [
            "DENIED: PERMISSION_DENIED (7) denyadmin.ns:not\\u001b[2J here",
            "  reusable     for 5s or 1000 uses",
            "  depends on   request.headers[cookie] (absence)",
            "               request.path (exact)",
            "  answered in  412us",
        ],
        VerdictPrinter.Print(OutputFormat.Text, Denied, quotasAsked: false, Latency).Split(Environment.NewLine));

    [Fact]
    public void Print_HeaderOperations_AsTextAndJson()
    {
        var allowed = new Verdict(StatusCode.Ok, "", TimeSpan.FromSeconds(5), 7, [], [])
        {
            Directive = new RouteDirective(
                null,
                [new(HeaderOperationKind.Remove, "x-user", ""), new(HeaderOperationKind.Append, "x-user", "jane\u202e")],
                [new(HeaderOperationKind.Replace, "server", "mesh")]),
        };

        Assert.Equal(
            [
                "ALLOWED",
                "  reusable     for 5s or 7 uses",
                "  depends on   nothing: the same for every request",
                "  request      REMOVE x-user",
                "               APPEND x-user: jane\\u202e",
                "  response     REPLACE server: mesh",
                "  answered in  412us",
            ],
            VerdictPrinter.Print(OutputFormat.Text, allowed, quotasAsked: false, Latency).Split(Environment.NewLine));
        Assert.Contains(
            """
            "referenced":[],"directive":{"requestHeaderOperations":[{"operation":"REMOVE","name":"x-user"},{"operation":"APPEND","name":"x-user","value":"jane
            """.Trim(),
            VerdictPrinter.Print(OutputFormat.Json, allowed, quotasAsked: false, Latency),
            StringComparison.Ordinal);
        Assert.Contains(
            """
            "responseHeaderOperations":[{"operation":"REPLACE","name":"server","value":"mesh"}]},"latencyUs":412}
            """,
            VerdictPrinter.Print(OutputFormat.Json, allowed, quotasAsked: false, Latency),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Print_DirectResponse_AsTextAndJson()
    {
        Verdict denied = Denied with
        {
            Directive = new RouteDirective(new DirectResponse(302, "see\u001b[2J there"), [], [new(HeaderOperationKind.Replace, "location", "/login")]),
        };

        Assert.Equal(
            ["  reply        302, 13 bytes: see\\u001b[2J there", "  headers      REPLACE location: /login", "  answered in  412us"],
            VerdictPrinter.Print(OutputFormat.Text, denied, quotasAsked: false, Latency).Split(Environment.NewLine)[^3..]);
        Assert.EndsWith(
            """
            "directive":{"directResponse":{"code":302,"body":"see\u001B[2J there"},"requestHeaderOperations":[],"responseHeaderOperations":[{"operation":"REPLACE","name":"location","value":"/login"}]},"latencyUs":412}
            """,
            VerdictPrinter.Print(OutputFormat.Json, denied, quotasAsked: false, Latency),
            StringComparison.Ordinal);
        Verdict empty = denied with { Directive = new RouteDirective(new DirectResponse(404, ""), [], []) };
        Assert.Contains("  reply        404" + Environment.NewLine, VerdictPrinter.Print(OutputFormat.Text, empty, quotasAsked: false, Latency), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 5, "no")]
    [InlineData(5, 0, "no")]
    [InlineData(5, -1, "for 5s")]
    public void Print_AllowedAsText_TellsTheReuse(int seconds, int uses, string reuse)
    {
        var verdict = new Verdict(StatusCode.Ok, "", TimeSpan.FromSeconds(seconds), uses, [], []);
        string[] lines = VerdictPrinter.Print(OutputFormat.Text, verdict, quotasAsked: false, Latency).Split(Environment.NewLine);
        Assert.Equal("ALLOWED", lines[0]);
        Assert.Equal($"  reusable     {reuse}", lines[1]);
        Assert.Equal("  depends on   nothing: the same for every request", lines[2]);
    }

    [Fact]
    public void Print_Acknowledgement_TellsWhenToSendAgain()
    {
        var refused = new Acknowledgement(3, 2, TimeSpan.FromMilliseconds(20));
        Assert.Equal(
            "3 accepted, 2 refused (the last ones; send them again in 20ms), answered in 412us",
            AcknowledgementPrinter.Print(OutputFormat.Text, refused, Latency));
        Assert.Equal(
            """{"accepted":3,"refused":2,"retryAfterMs":20,"latencyUs":412}""",
            AcknowledgementPrinter.Print(OutputFormat.Json, refused, Latency));
    }

    [Fact]
    public void Cut_LongText_ShowsThatItIsCut() => Assert.Equal("abc…", Printable.Cut("abcdef", 4));
}
