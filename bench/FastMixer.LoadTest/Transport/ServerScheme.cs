namespace FastMixer.LoadTest.Transport;

/// <summary>How messages travel.</summary>
internal enum ServerScheme
{
    Tcp,
    Unix,
    Udp,
}
