namespace FastMixer.Cli.Replay;

/// <summary>Tells from a denial's message which handler of the policy denied.</summary>
internal static class DenialRule
{
    private const int MostChars = 60;

    /// <summary>The handler, as <c>handler.namespace</c>, if the message begins with one; else the beginning of the message.</summary>
    /// <param name="message">The message of a denial.</param>
    public static string Of(string message)
    {
        int colon = message.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && IsHandler(message.AsSpan(0, colon)))
        {
            return message[..colon];
        }

        return message.Length switch
        {
            0 => "(no message)",
            <= MostChars => message,
            _ => message[..MostChars],
        };
    }

    private static bool IsHandler(ReadOnlySpan<char> name)
    {
        int dot = name.IndexOf('.');
        return dot > 0 && dot < name.Length - 1 && !name.ContainsAny(' ', '/', '\t');
    }
}
