using FastMixer.Protocol.Addresses;

namespace FastMixer.Protocol.Tests.Addresses;

public sealed class MixerAddressTests
{
    [Theory]
    [InlineData("tcp://127.0.0.1:9191", Transport.Tcp, "127.0.0.1", 9191, "tcp://127.0.0.1:9191")]
    [InlineData("tcp://mixer.example", Transport.Tcp, "mixer.example", 9191, "tcp://mixer.example:9191")]
    [InlineData("tcp://0.0.0.0:0", Transport.Tcp, "0.0.0.0", 0, "tcp://0.0.0.0:0")]
    [InlineData("tcp://h:65535", Transport.Tcp, "h", 65535, "tcp://h:65535")]
    [InlineData("tcp://[::1]:80", Transport.Tcp, "::1", 80, "tcp://[::1]:80")]
    [InlineData("tcp://[::1]", Transport.Tcp, "::1", 9191, "tcp://[::1]:9191")]
    [InlineData("udp://[fe80::1%eth0]:53", Transport.Udp, "fe80::1%eth0", 53, "udp://[fe80::1%eth0]:53")]
    [InlineData("udp://localhost:9191", Transport.Udp, "localhost", 9191, "udp://localhost:9191")]
    [InlineData("unix:///run/fastmixer.sock", Transport.Unix, "/run/fastmixer.sock", 0, "unix:///run/fastmixer.sock")]
    [InlineData("unix:///tmp/a b:c", Transport.Unix, "/tmp/a b:c", 0, "unix:///tmp/a b:c")]
    public void Parse_Address_IsReadAndWrittenBack(string text, Transport transport, string host, int port, string written)
    {
        MixerAddress address = MixerAddress.Parse(text);

        Assert.Equal((transport, host, port), (address.Transport, address.Host, address.Port));
        Assert.Equal(written, address.ToString());
        Assert.Equal(address, MixerAddress.Parse(written));
        Assert.Equal(transport != Transport.Udp, address.IsStream);
    }

    [Theory]
    [InlineData("", "is no address")]
    [InlineData("127.0.0.1:9191", "is no address")]
    [InlineData("http://h:80", "is no address")]
    [InlineData("TCP://h:80", "is no address")]
    [InlineData("tcp:/h", "is no address")]
    [InlineData("tcp://", "names no host")]
    [InlineData("tcp://:9191", "names no host")]
    [InlineData("udp://:9191", "names no host: expected udp://host:port")]
    [InlineData("tcp://::1", "names no host")]
    [InlineData("tcp://[]:80", "names no host")]
    [InlineData("tcp://[::1", "names no host")]
    [InlineData("tcp://[[::1]]:80", "names no host")]
    [InlineData("tcp://h/path", "names no host")]
    [InlineData("tcp://user@h:80", "names no host")]
    [InlineData("tcp://fe80::1", "has no valid port: ':1'")]
    [InlineData("tcp://h:", "has no valid port")]
    [InlineData("tcp://h:65536", "has no valid port: '65536'")]
    [InlineData("tcp://h:-1", "has no valid port")]
    [InlineData("tcp://h:+1", "has no valid port")]
    [InlineData("tcp://h: 1", "has no valid port")]
    [InlineData("tcp://h:99999999999", "has no valid port")]
    [InlineData("tcp://h:80/path", "has no valid port")]
    [InlineData("tcp://[::1]x", "has no valid port: 'x'")]
    [InlineData("tcp://[::1]80", "has no valid port: '80'")]
    [InlineData("unix://", "needs an absolute path")]
    [InlineData("unix:///", "needs an absolute path")]
    [InlineData("unix://run/x.sock", "needs an absolute path")]
    public void Parse_NoAddress_SaysWhy(string text, string problem)
    {
        Assert.False(MixerAddress.TryParse(text, out MixerAddress? address, out string? said));
        Assert.Null(address);
        Assert.Contains(problem, said, StringComparison.Ordinal);
        Assert.Equal(said, Assert.Throws<FormatException>(() => MixerAddress.Parse(text)).Message);
    }

    [Fact]
    public void WithPort_Chosen_KeepsTheRest() =>
        Assert.Equal(MixerAddress.Parse("udp://h:7"), MixerAddress.Parse("udp://h:0").WithPort(7));
}
