using FastMixer.LoadTest.Fleet;

namespace FastMixer.LoadTest.Tests.Fleet;

public sealed class RestartResultTests
{
    [Theory]
    [InlineData(false, 0, 10, 10, 0, 0, 10, null)]
    [InlineData(true, 0, 10, 8, 2, 0, 7, null)]
    [InlineData(false, 3, 10, 10, 0, 0, 10, "3 checks failed")]
    [InlineData(true, 0, 10, 8, 1, 0, 8, "10 records were added, and 1 of them are neither")]
    [InlineData(true, 0, 10, 8, 0, 2, 8, "2 records were dropped")]
    [InlineData(false, 0, 10, 8, 2, 0, 8, "2 records were not acknowledged")]
    [InlineData(false, 0, 10, 10, 0, 0, 9, "servers have acknowledged 10 records and written 9")]
    [InlineData(true, 0, 10, 10, 0, 0, 11, "servers have written 11 records of 10")]
    public void Violations_OfARestart_AreThoseThatItHas(
        bool kill, long failed, long added, long acknowledged, long unacknowledged, long dropped, long written, string? expected)
    {
        var fates = new RecordFates(added, acknowledged, unacknowledged, dropped, written);
        var result = new RestartResult(
            Settings.Any, kill, "anywhere", 10, 10 - failed, 0, 0, failed, new Dictionary<string, long>(), 0, 0, 0, 0, fates);

        if (expected is null)
        {
            Assert.Empty(result.Violations);
        }
        else
        {
            Assert.StartsWith(expected, Assert.Single(result.Violations), StringComparison.Ordinal);
        }
    }
}
