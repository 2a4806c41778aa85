using FastMixer.Server.Admin;
using FastMixer.Server.Transports;
using Microsoft.Extensions.Logging;

namespace FastMixer.Cli.Serving;

/// <summary>Starts the admin pages of a server.</summary>
internal static partial class AdminPages
{
    /// <summary>Starts them where the operator wants them.</summary>
    /// <param name="choice">Where.</param>
    /// <param name="pages">The pages.</param>
    /// <param name="logger">Told where they are; or, if nobody asked for them, that they are nowhere.</param>
    /// <returns>The endpoint, or null if there is none.</returns>
    /// <exception cref="InputException">The address that was asked for cannot be had.</exception>
    public static AdminServer? Start(AdminChoice choice, IReadOnlyCollection<IAdminPage> pages, ILogger logger)
    {
        if (choice.Address is not { } address)
        {
            return null;
        }

#pragma warning disable CA2000 // The caller's, once it listens; one that does not holds nothing.
        var server = new AdminServer(address, pages, logger);
#pragma warning restore CA2000
        try
        {
            server.Start();
        }
        catch (ListenException exception) when (choice.IsAsked)
        {
            throw new InputException($"--admin: {exception.Message}");
        }
        catch (ListenException exception)
        {
            NoPages(logger, exception.Message);
            return null;
        }

        Listening(logger, server.Address.ToString());
        return server;
    }

    [LoggerMessage(210, LogLevel.Information, "Admin pages are at {Address}")]
    private static partial void Listening(ILogger logger, string address);

    [LoggerMessage(211, LogLevel.Warning, "{Problem} This server has no admin pages; --admin chooses where they are, or none.")]
    private static partial void NoPages(ILogger logger, string problem);
}
