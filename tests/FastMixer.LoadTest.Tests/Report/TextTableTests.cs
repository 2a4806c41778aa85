using FastMixer.LoadTest.Report;

namespace FastMixer.LoadTest.Tests.Report;

public sealed class TextTableTests
{
    [Fact]
    public void Write_CellsOfAnyLength_LinesUpColumns()
    {
        var table = new TextTable(["", "p50", "p99"]);
        table.Add(["server", "1", "22 µs"]);
        table.Add(["a long name", "333 µs", ""]);
        using var output = new StringWriter();

        table.Write(output);

        Assert.Equal(
            ["              p50      p99", "server        1        22 µs", "a long name   333 µs"],
            output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }
}
