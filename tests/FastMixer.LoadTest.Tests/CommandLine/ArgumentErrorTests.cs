namespace FastMixer.LoadTest.Tests.CommandLine;

public sealed class ArgumentErrorTests
{
    [Theory]
    [InlineData("", "no server to measure")]
    [InlineData("--server nonsense", "is no server address")]
    [InlineData("--server tcp://192.0.2.1:9191", "--allow-remote")]
    [InlineData("--server udp://192.0.2.1:9191", "--allow-remote")]
    [InlineData("--server tcp://127.0.0.1:1 --keys 5 --distinct", "--distinct leaves no number of --keys")]
    [InlineData("--server tcp://127.0.0.1:1 --duration 0s", "--duration: '0s' is no duration")]
    [InlineData("--server tcp://127.0.0.1:1 --duration soon", "--duration: 'soon' is no duration")]
    [InlineData("--server tcp://127.0.0.1:1 --rounds 0", "--rounds: expected 1 to 1000")]
    [InlineData("--server tcp://127.0.0.1:1 --pin 0", "--pin: '0' is not SERVERCPU,CLIENTCPU")]
    [InlineData("--server tcp://127.0.0.1:1 --pin 0,1023", "--pin: CPU 1023 is not among those")]
    [InlineData("--server tcp://127.0.0.1:1 --output xml", "--output: expected text or json")]
    [InlineData("latency soon", "'soon' is no scenario: expected hit, miss, backend")]
    [InlineData("latency --rounds 0", "--rounds: expected 1 to 1000")]
    [InlineData("latency --pin 1023,0", "--pin: CPU 1023 is not among those")]
    [InlineData("latency --connections 0", "--connections: expected 1 to 10000")]
    [InlineData("throughput --output xml", "--output: expected text or json")]
    [InlineData("overload --depth 0", "--depth: expected 1 to 1024")]
    [InlineData("outage --duration 1s", "--duration: expected at least 3s")]
    [InlineData("outage --availability 99.9", "--availability: expected 0 to 1, like 0.999")]
    [InlineData("outage --max-age 1500ms", "--max-age: expected whole seconds")]
    [InlineData("outage --manner explode", "--manner")]
    [InlineData("fleet routing --duration 1s", "--duration: expected at least 3s")]
    [InlineData("fleet routing --zipf -1", "--zipf: expected 0 to 10")]
    [InlineData("fleet restart --sidecars 0", "--sidecars: expected 1 to 1000")]
    [InlineData("fleet slow --delay 0s", "--delay: '0s' is no duration")]
    [InlineData("backend --listen udp://127.0.0.1:0", "--listen: the backend speaks HTTP over tcp only")]
    [InlineData("backend --outage 30s", "--outage: '30s' is not BEGIN+LENGTH")]
    [InlineData("garnet --port 0", "--port: expected 1 to 65535")]
    [InlineData("fly", "fly")]
    public void Execute_WrongArguments_SaysWhatIsWrong(string line, string complaint)
    {
        var failure = Assert.Throws<LoadTestException>(() => Program.Execute(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Contains(complaint, failure.Message, StringComparison.Ordinal);
    }
}
