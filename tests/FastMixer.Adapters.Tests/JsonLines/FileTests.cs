using System.Text.Json;
using FastMixer.Adapters.JsonLines;
using FastMixer.Engine.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace FastMixer.Adapters.Tests.JsonLines;

/// <summary>JSON lines in a file, and how it is put aside.</summary>
public sealed class FileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fastmixer-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    private string Log => Path.Combine(_folder, "access.log");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task EveryRecord_IsALine_OfEachTemplate()
    {
        await using (TestEngine engine = TestEngine.Start(Policy, _time, new FileAdapter()))
        {
            engine.Report(record => record.Set("request.path", "/a\"b"), record => record.Set("request.path", "/c"));
            while (engine.Engine.Counters.RecordsDelivered < 2)
            {
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }
        }

        JsonElement[] lines = [.. (await File.ReadAllLinesAsync(Log, TestContext.Current.CancellationToken)).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(4, lines.Length);
        Assert.Equal(("Notice", "/a\"b"), (lines[0].GetProperty("severity").GetString(), lines[0].GetProperty("path").GetString()));
        Assert.Equal(("span", "/a\"b"), (lines[1].GetProperty("instance").GetString(), lines[1].GetProperty("span_name").GetString()));
        Assert.Equal("/c", lines[2].GetProperty("path").GetString());
    }

    [Fact]
    public void File_ThatIsLarge_IsPutAside_AndTheOldestOfThoseAreDeleted()
    {
        using var file = new RotatingFile(new FileSettings(Log, 10, TimeSpan.FromDays(1), 2), _time);
        foreach (string line in (string[])["first\n", "second\n", "third\n", "fourth\n", "4\n"])
        {
            file.Append(System.Text.Encoding.UTF8.GetBytes(line));
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal("fourth\n4\n", File.ReadAllText(Log));
        Assert.Equal(
            ["access-20260102T030405.002.log", "access-20260102T030405.003.log"],
            Directory.GetFiles(_folder, "access-*").Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal("third\n", File.ReadAllText(Path.Combine(_folder, "access-20260102T030405.003.log")));
    }

    [Fact]
    public void File_ThatIsOld_IsPutAside_AndOneNameIsNeverUsedTwice()
    {
        using var file = new RotatingFile(new FileSettings(Log, 1, TimeSpan.FromDays(1), 10), _time);
        file.Append("a"u8);
        file.Append("b"u8);
        file.Append("c"u8);
        _time.Advance(TimeSpan.FromDays(2));
        file.Append("d"u8);

        Assert.Equal("d", File.ReadAllText(Log));
        Assert.Equal(["a", "b", "c"], Directory.GetFiles(_folder, "access-*").Order(StringComparer.Ordinal).Select(File.ReadAllText).Order(StringComparer.Ordinal));
    }

    private string Policy => $$"""
        kind: handler
        metadata: {name: file}
        spec:
          compiledAdapter: file
          params: {path: "{{Log}}"}
        ---
        kind: logentry
        metadata: {name: line}
        spec:
          severity: '"Notice"'
          variables: {path: request.path | ""}
        ---
        kind: tracespan
        metadata: {name: span}
        spec: {span_name: request.path | ""}
        ---
        kind: rule
        metadata: {name: all}
        spec: {actions: [{handler: file, instances: [line.logentry, span.tracespan]}]}
        """;
}
