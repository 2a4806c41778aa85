namespace FastMixer.Protocol.Messages;

/// <summary>What a client asks for in its hello (protocol.md, section 3). Bits never change; a server ignores those that it does not know.</summary>
[Flags]
public enum HelloFeatures : uint
{
    /// <summary>Nothing but what every client gets.</summary>
    None = 0,

    /// <summary>To be told of changes of the policy on this stream: <see cref="PolicyChanged"/>.</summary>
    PolicyChanges = 1,
}
