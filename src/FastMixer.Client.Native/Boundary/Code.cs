namespace FastMixer.Client.Native.Boundary;

/// <summary>What functions return: <c>fm_code</c>. The numbers never change.</summary>
internal enum Code
{
    /// <summary>Done.</summary>
    Ok = 0,

    /// <summary>An argument is wrong.</summary>
    InvalidArgument = -1,

    /// <summary>A handle was given back already, or is of another kind.</summary>
    InvalidHandle = -2,

    /// <summary>A server has found the request wrong.</summary>
    Refused = -3,

    /// <summary>The client was destroyed.</summary>
    Closed = -4,

    /// <summary>Not done in the time given.</summary>
    Timeout = -5,

    /// <summary>A record that could not be kept.</summary>
    Dropped = -6,

    /// <summary>A call that waits, in a callback.</summary>
    WrongThread = -7,

    /// <summary>A fault of the library.</summary>
    Internal = -8,
}
