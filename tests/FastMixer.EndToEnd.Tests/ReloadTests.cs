using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using FastMixer.Client.Connections;
using FastMixer.EndToEnd.Tests.Support;
using FastMixer.Protocol.Addresses;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Server.Configuration;

namespace FastMixer.EndToEnd.Tests;

/// <summary>A change of the policy's folder goes live as a whole or not at all, and no request notices how.</summary>
public sealed partial class ReloadTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fastmixer").FullName;

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public async Task ChangedFile_GoesLive()
    {
        await WriteAsync("policy.yaml", WatchedServer.Deny("one"));
        await using WatchedServer server = WatchedServer.Start(_folder);
        string before = await server.AskAsync();

        await WriteAsync("policy.yaml", WatchedServer.Deny("two!"));
        await server.LookUntilAsync(() => server.Watcher.Succeeded == 1);

        Assert.Equal(("one", "two!"), (before, await server.AskAsync()));
        Assert.Equal(2, server.Watcher.Generation);
        Assert.Contains(
            server.Log.Lines,
            line => line.StartsWith("Information: Policy 2 is in force: 1 rules; handlers: 1 kept, 1 new, 1 ended;", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AddedAndRemovedFiles_GoLive()
    {
        await WriteAsync("policy.yaml", WatchedServer.Deny("one"));
        await using WatchedServer server = WatchedServer.Start(_folder);

        await WriteAsync("more.yaml", "kind: rule\nmetadata: {name: more}\nspec: {actions: [{handler: closed, instances: [any]}]}\n");
        await server.LookUntilAsync(() => server.Watcher.Succeeded == 1);
        string added = await server.AskAsync();
        File.Delete(Path.Combine(_folder, "more.yaml"));
        await server.LookUntilAsync(() => server.Watcher.Succeeded == 2);

        Assert.Equal("one, closed.istio-system:one", added);
        Assert.Equal("one", await server.AskAsync());
    }

    [Fact]
    public async Task InvalidPolicy_ChangesNothing_IsToldOnce_AndGoesLiveWhenItIsRight()
    {
        await WriteAsync("policy.yaml", WatchedServer.Deny("one"));
        await using WatchedServer server = WatchedServer.Start(_folder);

        await WriteAsync("policy.yaml", WatchedServer.Deny("two!").Replace("compiledTemplate: checknothing", "compiledTemplate: checknothin", StringComparison.Ordinal));
        await server.LookUntilAsync(() => server.Watcher.Failed == 1);
        for (int i = 0; i < 20; i++)
        {
            server.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.True(server.Watcher.IsStale);
        Assert.Equal("one", await server.AskAsync());
        string told = Assert.Single(server.Log.Lines, line => line.Contains("policy.yaml:11:26: error: Unknown template 'checknothin'. Did you mean \"checknothing\"?", StringComparison.Ordinal));
        Assert.StartsWith("Error: ", told, StringComparison.Ordinal);
        await Eventually.TrueAsync(() => server.Log.Lines.Contains($"Error: The policy in {_folder} is not valid (1 errors): policy 1 stays in force."));

        await WriteAsync("policy.yaml", WatchedServer.Deny("three"));
        await server.LookUntilAsync(() => server.Watcher.Succeeded == 1);
        Assert.False(server.Watcher.IsStale);
        Assert.Equal("three", await server.AskAsync());
    }

    [Fact]
    public async Task FolderThatVanishes_ChangesNothing_AndIsReadWhenItIsBack()
    {
        await WriteAsync("policy.yaml", WatchedServer.Deny("one"));
        await using WatchedServer server = WatchedServer.Start(_folder);

        Directory.Delete(_folder, recursive: true);
        await server.LookUntilAsync(() => server.Watcher.Failed == 1);
        string gone = await server.AskAsync();
        Directory.CreateDirectory(_folder);
        await server.LookUntilAsync(() => server.Watcher.Failed == 2);
        await WriteAsync("policy.yaml", WatchedServer.Deny("back"));
        await server.LookUntilAsync(() => server.Watcher.Succeeded == 1);

        Assert.Equal("one", gone);
        Assert.Equal("back", await server.AskAsync());
        Assert.Contains(server.Log.Lines, line => line.Contains("There is no such folder", StringComparison.Ordinal));
        Assert.Contains(server.Log.Lines, line => line.Contains("The folder holds no .yaml, .yml or .json file.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task FileOfAHundredMegabytes_ChangesNothing()
    {
        await WriteAsync("policy.yaml", WatchedServer.Deny("one"));
        await using WatchedServer server = WatchedServer.Start(_folder);

        await using (FileStream huge = File.Create(Path.Combine(_folder, "huge.yaml")))
        {
            huge.SetLength(100 * 1024 * 1024);
        }

        await server.LookUntilAsync(() => server.Watcher.Failed == 1);

        Assert.Equal("one", await server.AskAsync());
        Assert.Contains(server.Log.Lines, line => line.Contains("huge.yaml", StringComparison.Ordinal) && line.Contains("8388608", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", ":1:4: error: Anchors and aliases are not allowed in a configuration; write the value out.")]
    [InlineData("kind: rule\nmetadata:\n\tname: x\n", ":3:1: error: A tab cannot indent YAML; use spaces.")]
    [InlineData("kind: rule\nmetadata:\n  name: x\n namespace: y\n", ":4:2: error: No valid YAML: While parsing a block mapping, did not find expected key. Is the line indented as its neighbours are?")]
    [InlineData("kind: handler\nmetadata: {name: kept}\nspec: {compiledAdapter: noop}\n", ":1:1: error: \"kept.handler.istio-system\" is already defined at ")]
    [InlineData("kind: rule\nkind: rule\n", ":2:1: error: The field \"kind\" stands here a second time; it is already at line 1, column 1.")]
    [InlineData("", ": error: The file cannot be read: ")]
    public async Task BadFileBesideAGoodOne_ChangesNothing_AndIsToldWithItsPlace(string text, string problem)
    {
        await WriteAsync("policy.yaml", WatchedServer.Deny("one"));
        await using WatchedServer server = WatchedServer.Start(_folder);
        string file = Path.Combine(_folder, "worse.yaml");

        if (text.Length > 0)
        {
            await WriteAsync("worse.yaml", text);
        }
        else
        {
            File.CreateSymbolicLink(file, file);
        }

        await server.LookUntilAsync(() => server.Watcher.Failed == 1);

        Assert.Equal(("one", 1L, true), (await server.AskAsync(), server.Watcher.Generation, server.Watcher.IsStale));
        Assert.Contains(server.Log.Lines, line => line.Contains(file + problem, StringComparison.Ordinal));
    }

    [Fact]
    public async Task VolumeThatTurnsALink_GoesLiveAsAWhole()
    {
        // As Kubernetes mounts a volume: the files are links through a link to a folder, which is turned to another folder.
        foreach (string version in (string[])["v1", "v2"])
        {
            Directory.CreateDirectory(Path.Combine(_folder, ".." + version));
            await WriteAsync(Path.Combine(".." + version, "policy.yaml"), WatchedServer.Deny(version));
            File.SetLastWriteTimeUtc(Path.Combine(_folder, ".." + version, "policy.yaml"), DateTime.UnixEpoch.AddYears(50));
        }

        Directory.CreateSymbolicLink(Path.Combine(_folder, "..data"), "..v1");
        File.CreateSymbolicLink(Path.Combine(_folder, "policy.yaml"), Path.Combine("..data", "policy.yaml"));
        await using WatchedServer server = WatchedServer.Start(_folder);
        string before = await server.AskAsync();

        Directory.CreateSymbolicLink(Path.Combine(_folder, "..data_tmp"), "..v2");
        Assert.Equal(0, Rename(Path.Combine(_folder, "..data_tmp"), Path.Combine(_folder, "..data")));
        await server.LookUntilAsync(() => server.Watcher.Succeeded == 1);

        Assert.Equal(("v1", "v2"), (before, await server.AskAsync()));
    }

    [Fact]
    public async Task Signature_IsAnother_WhenAFolderOnTheWayIsAnother_AndTheFilesLookTheSame()
    {
        // Two names of one file: length, times and permissions cannot tell them apart.
        Directory.CreateDirectory(Path.Combine(_folder, "..v1"));
        Directory.CreateDirectory(Path.Combine(_folder, "..v2"));
        await WriteAsync(Path.Combine("..v1", "policy.yaml"), WatchedServer.Deny("one"));
        Assert.Equal(0, Link(Path.Combine(_folder, "..v1", "policy.yaml"), Path.Combine(_folder, "..v2", "policy.yaml")));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "..data"), "..v1");
        File.CreateSymbolicLink(Path.Combine(_folder, "policy.yaml"), Path.Combine("..data", "policy.yaml"));
        string before = FolderSignature.Read(_folder);
        string still = FolderSignature.Read(_folder);

        Directory.Delete(Path.Combine(_folder, "..data"));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "..data"), "..v2");

        Assert.Equal(before, still);
        Assert.NotEqual(before, FolderSignature.Read(_folder));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Signature_IsAnother_WhenAFileMayBeReadAgain()
    {
        await WriteAsync("policy.yaml", WatchedServer.Deny("one"));
        string file = Path.Combine(_folder, "policy.yaml");
        File.SetUnixFileMode(file, UnixFileMode.None);
        string before = FolderSignature.Read(_folder);

        File.SetUnixFileMode(file, UnixFileMode.UserRead);

        Assert.NotEqual(before, FolderSignature.Read(_folder));
    }

    [Fact]
    public void Signature_OfLinksInACircle_IsOne()
    {
        File.CreateSymbolicLink(Path.Combine(_folder, "a.yaml"), "b.yaml");
        File.CreateSymbolicLink(Path.Combine(_folder, "b.yaml"), "a.yaml");
        Directory.CreateSymbolicLink(Path.Combine(_folder, "c"), Path.Combine("d", "x"));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "d"), Path.Combine("c", "y"));
        File.CreateSymbolicLink(Path.Combine(_folder, "e.yaml"), Path.Combine("c", "policy.yaml"));

        string signature = FolderSignature.Read(_folder);

        Assert.All(["a.yaml", "b.yaml", "e.yaml"], (string file) => Assert.Contains(Path.Combine(_folder, file), signature, StringComparison.Ordinal));
        Assert.Equal(signature, FolderSignature.Read(_folder));
    }

    [Fact]
    public void Settling_WaitsForTheFolderToRest_ButNotForever()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var settling = new Settling("a", TimeSpan.FromSeconds(3), time);

        Assert.False(settling.IsDue("a"));
        Assert.False(settling.IsDue("b"));
        Assert.True(settling.IsDue("b"));
        settling.Apply("b");
        Assert.False(settling.IsDue("b"));
        Assert.False(settling.IsDue("c"));
        Assert.False(settling.IsDue("b"));
        for (int i = 0; i < 3; i++)
        {
            Assert.False(settling.IsDue($"changing {i}"));
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.True(settling.IsDue("changing still"));
    }

    [Fact]
    public async Task ThousandReloads_UnderLoad_FailNoCheck_AndKeepMemoryFlat()
    {
        const int Reloads = 1_000;
        await WriteAsync("policy.yaml", WatchedServer.Deny("1"));
        await using WatchedServer server = WatchedServer.Start(_folder, new WatchOptions { Interval = TimeSpan.Zero });
        using var stop = new CancellationTokenSource();
        Task<int>[] clients =
        [
            .. ((Transport[])[Transport.Tcp, Transport.Tcp, Transport.Udp]).Select(transport => Task.Run(() => AskUntilAsync(server, transport, stop.Token))),
        ];
        long early = 0;

        for (int i = 1; i <= Reloads; i++)
        {
            await WriteAsync("policy.yaml", WatchedServer.Deny($"{i + 1}"));
            server.Watcher.RequestReload();
            await Eventually.TrueAsync(() => server.Watcher.Succeeded == i);
            if (i % 100 == 0)
            {
                Assert.Equal($"{i + 1}", await server.AskAsync());
            }

            early = i == Reloads / 5 ? GC.GetTotalMemory(forceFullCollection: true) : early;
        }

        await Eventually.TrueAsync(() => server.Server.Engine.Counters.HandlersEnded == Reloads);
        long late = GC.GetTotalMemory(forceFullCollection: true);
        await stop.CancelAsync();
        int[] asked = await Task.WhenAll(clients);

        Assert.All(asked, count => Assert.True(count > Reloads, $"{count}"));
        Assert.Equal(0, server.Watcher.Failed);
        Assert.Equal(Reloads, server.Server.Engine.Counters.HandlersKept);
        Assert.Equal(0, server.Server.Engine.Counters.DrainTimeouts);
        Assert.True(late < early + (8 * 1024 * 1024), $"{early} bytes after a fifth of the reloads, {late} at their end");
    }

    [Fact]
    public async Task Serve_ReloadsByItself_AndBySignal()
    {
        await WriteAsync("policy.yaml", WatchedServer.Deny("one"));
        await using RunningCommand watching = RunningCommand.Start("serve", "--config", _folder, "--watch", "50ms", "--listen", "tcp://127.0.0.1:0");
        await using RunningCommand waiting = RunningCommand.Start("serve", "--config", _folder, "--watch", "0s", "--listen", "tcp://127.0.0.1:0");
        MixerAddress watched = MixerAddress.Parse(await watching.ReadLineAsync());
        MixerAddress told = MixerAddress.Parse(await waiting.ReadLineAsync());
        await waiting.ReadLineAsync();

        await WriteAsync("policy.yaml", WatchedServer.Deny("two!"));
        await UntilAsync(watched, "two!");
        string before = await AskAsync(told);
        waiting.HangUp();
        await UntilAsync(told, "two!");
        waiting.Terminate();
        CommandResult ended = await waiting.EndAsync();

        Assert.Equal("one", before);
        Assert.True(ended.ExitCode == 0, $"{ended}");
        Assert.Contains("Policy 2 is in force: 1 rules; handlers: 1 kept, 1 new, 1 ended", ended.Error, StringComparison.Ordinal);
    }

    private static async Task<int> AskUntilAsync(WatchedServer server, Transport transport, CancellationToken stop)
    {
        await using MixerConnection client = server.Server.Connect(transport);
        using var attributes = new AttributeWriter();
        int asked = 0;
        while (!stop.IsCancellationRequested)
        {
            // Policies are called by their generations. The watcher counts one just after it is in force.
            long before = server.Watcher.Generation;
            Verdict verdict = await client.CheckAsync(attributes, CancellationToken.None);
            Assert.InRange(long.Parse(WatchedServer.NameOf(verdict), CultureInfo.InvariantCulture), before, server.Watcher.Generation + 1);
            asked++;
        }

        return asked;
    }

    private static async Task UntilAsync(MixerAddress address, string name)
    {
        for (int i = 0; i < 600 && await AskAsync(address) != name; i++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.Equal(name, await AskAsync(address));
    }

    private static async Task<string> AskAsync(MixerAddress address)
    {
        await using var client = new MixerConnection(new MixerConnectionOptions { Server = address, Timeout = TimeSpan.FromSeconds(20) });
        using var attributes = new AttributeWriter();
        return WatchedServer.NameOf(await client.CheckAsync(attributes));
    }

    // Of .NET's own, none puts a link to a folder in the place of another.
    [LibraryImport("libc", EntryPoint = "rename", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Rename(string from, string to);

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string existing, string another);

    private Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(_folder, name), text);
}
