using FastMixer.LoadTest.Processes;

namespace FastMixer.LoadTest.Tests.Processes;

public sealed class PlacementTests
{
    [Theory]
    [InlineData("0,1", 0, 1, 1)]
    [InlineData("0,0", 0, 0, 0)]
    [InlineData("2,5,7", 2, 5, 7)]
    public void Parse_TwoOrThreeCpus_LetsTheBackendShareTheClients(string text, int server, int client, int backend) =>
        Assert.Equal(new Placement(server, client, backend), Placement.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0,1,2,3")]
    [InlineData("0,-1")]
    [InlineData("a,b")]
    public void Parse_Nonsense_SaysWhatWouldBeRight(string text) =>
        Assert.Contains("SERVERCPU,CLIENTCPU", Assert.Throws<LoadTestException>(() => Placement.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Validate_ACpuThatIsNotThere_NamesItAndThoseThatAre()
    {
        var failure = Assert.Throws<LoadTestException>(() => Placement.Parse("0,9").Validate([0, 1]));
        Assert.Equal("--pin: CPU 9 is not among those that this process may use: 0,1", failure.Message);
    }

    [Fact]
    public void Apart_ByTheNumberOfCpus_SeparatesWhatItCan()
    {
        Assert.Equal(new Placement(0, 1, 1), Placement.Apart([0, 1]));
        Assert.Equal(new Placement(2, 3, 5), Placement.Apart([2, 3, 5, 7]));
        Assert.Contains("--pin 4,4", Assert.Throws<LoadTestException>(() => Placement.Apart([4])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_OfACpuList_TakesRangesAndSingles() => Assert.Equal([0, 1, 2, 3, 8], CpuList.Parse("0-3,8"));

    [Theory]
    [InlineData("0.42 0.30 0.10 1/200 12345\n", 0.42)]
    [InlineData("nothing", null)]
    public void Parse_OfALoadAverage_IsThatOfTheLastMinute(string text, double? load) => Assert.Equal(load, MachineLoad.Parse(text));

    [Fact]
    public void Allowed_OfThisProcess_IsAListOfCpus() => Assert.NotEmpty(CpuList.Parse(CpuList.Allowed(Environment.ProcessId)!));
}
