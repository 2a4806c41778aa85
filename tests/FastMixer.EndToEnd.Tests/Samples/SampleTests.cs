using System.Diagnostics;
using System.Net;
using FastMixer.EndToEnd.Tests.Support;

namespace FastMixer.EndToEnd.Tests.Samples;

/// <summary>The samples for application authors, run as their READMEs say.</summary>
public sealed class SampleTests
{
    [Fact]
    public async Task AspNetCore_DeniesAsThePolicySays_AndReportsEachRequest()
    {
        await using RunningCommand server = RunningCommand.Start("serve", "--listen", "tcp://127.0.0.1:0", "--admin", "none");
        string address = await server.ReadyAsync();
        await using RunningCommand application = StartSample("aspnetcore", "FastMixer.Samples.AspNetCore", address);
        using var browser = new HttpClient { BaseAddress = new Uri(await ListeningAsync(application)) };

        using HttpResponseMessage allowed = await browser.GetAsync("/productpage", TestContext.Current.CancellationToken);
        using HttpResponseMessage denied = await browser.GetAsync("/admin", TestContext.Current.CancellationToken);
        string reason = await denied.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        string[] records = [await server.ReadLineAsync(), await server.ReadLineAsync()];

        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, denied.StatusCode);
        Assert.Equal("denyadmin.istio-system:administration is closed to the outside\n", reason);
        Assert.Contains("\"path\":\"/productpage\"", records[0], StringComparison.Ordinal);
        Assert.Contains("\"status\":200", records[0], StringComparison.Ordinal);
        Assert.Contains("\"path\":\"/admin\"", records[1], StringComparison.Ordinal);
        Assert.Contains("\"status\":403", records[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Grpc_DeniesAsThePolicySays_AndReportsEachCall()
    {
        string policy = Path.Combine(Repository.Root, "samples", "grpc", "policy");
        await using RunningCommand server = RunningCommand.Start(
            "serve", "--config", policy, "--listen", "tcp://127.0.0.1:0", "--admin", "none");
        string address = await server.ReadyAsync();
        await using RunningCommand service = StartSample("grpc", "FastMixer.Samples.Grpc", address);
        string url = await ListeningAsync(service);

        await using RunningCommand caller = RunningCommand.Start(
            new ProcessStartInfo("dotnet", [Repository.Sample("grpc", "FastMixer.Samples.Grpc"), "call", url]));
        CommandResult called = await caller.EndAsync();
        string[] records = [await server.ReadLineAsync(), await server.ReadLineAsync(), await server.ReadLineAsync()];

        Assert.True(called.ExitCode == 0, $"{called}");
        Assert.Equal(
            """
            ReadPage: Proceed, Solinus, to procure my fall,
            ReadBook: 2 pages
            ChangePrice: PermissionDenied, fixedprices.istio-system:prices are fixed

            """,
            called.Output);
        Assert.Contains("\"status\":\"OK\"", records[0], StringComparison.Ordinal);
        Assert.Contains("\"method\":\"/bookstore.Bookstore/ReadBook\"", records[1], StringComparison.Ordinal);
        Assert.Contains("\"status\":\"PERMISSION_DENIED\"", records[2], StringComparison.Ordinal);
    }

    private static RunningCommand StartSample(string folder, string assembly, string server) => RunningCommand.Start(
        new ProcessStartInfo(
            "dotnet", [Repository.Sample(folder, assembly), "--urls", "http://127.0.0.1:0", $"--FastMixer:Server={server}"]));

    private static async Task<string> ListeningAsync(RunningCommand application)
    {
        const string Sign = "Now listening on: ";
        string line;
        do
        {
            line = await application.ReadLineAsync();
        }
        while (!line.Contains(Sign, StringComparison.Ordinal));

        return line[(line.IndexOf(Sign, StringComparison.Ordinal) + Sign.Length)..];
    }
}
