using Microsoft.Extensions.Logging;

namespace FastMixer.Adapters.List.Provided;

/// <summary>What the operator is told of lists. Ids never change.</summary>
internal static partial class ListLog
{
    [LoggerMessage(60, LogLevel.Information, "The list of {Handler} is there: {Entries} entries.")]
    public static partial void Good(ILogger logger, string handler, int entries);

    [LoggerMessage(61, LogLevel.Warning, "The list of {Handler} could not be renewed: its provider {Reason}. The last good one is used until its ttl is over.")]
    public static partial void Old(ILogger logger, string handler, string reason);

    [LoggerMessage(62, LogLevel.Error, "The handler {Handler} has no list: its provider {Reason}. Its checks fail until there is one.")]
    public static partial void None(ILogger logger, string handler, string reason);
}
