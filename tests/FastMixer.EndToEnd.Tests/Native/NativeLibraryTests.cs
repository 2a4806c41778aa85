using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using FastMixer.EndToEnd.Tests.Support;

namespace FastMixer.EndToEnd.Tests.Native;

/// <summary>The C library as C programs meet it.</summary>
public sealed partial class NativeLibraryTests(NativeLibrary library) : IClassFixture<NativeLibrary>
{
    private const string Example = "samples/native/check.c";
    private const int LeastBlock = 8;
    private const string Misuse = "tests/FastMixer.EndToEnd.Tests/Native/misuse.c";

    [Fact]
    public async Task TheExample_ChecksByCallbackAndWaiting_Reports_AndCounts()
    {
        string example = await library.CompileAsync(Example);
        await using RunningCommand server = RunningCommand.Start("serve", "--listen", "tcp://127.0.0.1:0", "--admin", "none");
        string address = await server.ReadyAsync();

        CommandResult result = await RunAsync(example, address, "/productpage", "/admin");
        string[] records = [await server.ReadLineAsync(), await server.ReadLineAsync()];

        Assert.True(result.ExitCode == 0, $"{result}");
        Assert.Equal(
            """
            callback, later, /productpage: ALLOWED, from server
            blocking /productpage: ALLOWED, from cache
            callback, later, /admin: DENIED 403 "denyadmin.istio-system:administration is closed to the outside", from server
            blocking /admin: DENIED 403 "denyadmin.istio-system:administration is closed to the outside", from cache
            checks: 2 from the cache, 2 answered by servers
            records: 2 reported, 2 taken by servers

            """,
            result.Output);
        Assert.Contains("\"path\":\"/productpage\"", records[0], StringComparison.Ordinal);
        Assert.Contains("\"status\":403", records[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatMustNotBeDone_IsAnsweredWithAnErrorAndAText()
    {
        string misuse = await library.CompileAsync(Misuse);
        await using RunningCommand server = RunningCommand.Start("serve", "--listen", "tcp://127.0.0.1:0", "--admin", "none");

        CommandResult result = await RunAsync(misuse, await server.ReadyAsync());

        Assert.True(result.ExitCode == 0, $"{result}");
    }

    /// <summary>
    /// The runtime never gives back the types that it makes at run time, and points to them in ways that valgrind does not know: a few small blocks count as lost. So the
    /// test is that what is lost does not grow with what is done, not by the least block for each further path.
    /// </summary>
    [Fact]
    public async Task TheExample_UnderValgrind_LosesNothingThatGrows_AndTouchesNothingThatIsNotIts()
    {
        string example = await library.CompileAsync(Example);
        string? valgrind = NativeLibrary.Find("valgrind");
        Assert.SkipWhen(valgrind is null, "there is no valgrind");
        await using RunningCommand server = RunningCommand.Start("serve", "--listen", "tcp://127.0.0.1:0", "--admin", "none");
        string address = await server.ReadyAsync();
        string[] few = ["/a", "/admin"];
        string[] many = [.. few, .. Enumerable.Range(0, 60).Select(number => number % 2 == 0 ? $"/{number}" : $"/admin/{number}")];

        CommandResult small = await RunAsync(valgrind!, ["--leak-check=full", example, address, .. few]);
        CommandResult large = await RunAsync(valgrind!, ["--leak-check=full", example, address, .. many]);

        foreach (CommandResult result in (CommandResult[])[small, large])
        {
            Assert.True(result.ExitCode == 0, $"{result}");
            Assert.DoesNotContain("Invalid ", result.Error, StringComparison.Ordinal);
        }

        Assert.Contains("records: 62 reported, 62 taken by servers", large.Output, StringComparison.Ordinal);
        Assert.InRange(DefinitelyLost(large) - DefinitelyLost(small), 0, (many.Length - few.Length) * LeastBlock - 1);
    }

    private static Task<CommandResult> RunAsync(string program, params string[] arguments) => RunAsync(new ProcessStartInfo(program, arguments));

    private static async Task<CommandResult> RunAsync(ProcessStartInfo program)
    {
        await using RunningCommand command = RunningCommand.Start(program);
        return await command.EndAsync();
    }

    private static long DefinitelyLost(CommandResult result)
    {
        Match lost = LostLine().Match(result.Error);
        Assert.True(lost.Success || result.Error.Contains("no leaks are possible", StringComparison.Ordinal), result.Error);
        return lost.Success ? long.Parse(lost.Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture) : 0;
    }

    [GeneratedRegex(@"definitely lost: ([\d,]+) bytes")]
    private static partial Regex LostLine();
}
