namespace FastMixer.LoadTest.Wire;

/// <summary>The kinds of message (protocol.md, section 3).</summary>
internal enum MessageKind
{
    Unknown = 0,
    Hello = 1,
    Welcome = 2,
    Check = 3,
    Verdict = 4,
    Report = 5,
    Acknowledgement = 6,
    Ping = 7,
    Pong = 8,
    GoingAway = 9,
    Error = 10,
}
