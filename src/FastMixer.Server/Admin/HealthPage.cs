using FastMixer.Server.Hosting;

namespace FastMixer.Server.Admin;

/// <summary><c>/healthz</c>: whether requests should be sent here. 200 while the server serves, 503 once it drains.</summary>
public sealed class HealthPage(MixerServer server) : IAdminPage
{
    /// <inheritdoc/>
    public string Path => "/healthz";

    /// <inheritdoc/>
    public string Description => "200 while the server serves, 503 while it drains";

    /// <inheritdoc/>
    public Task WriteAsync(AdminReply reply, CancellationToken cancellationToken)
    {
        reply.Status = server.IsStopping ? 503 : 200;
        reply.WriteLine(server.IsStopping ? "draining" : "serving");
        return Task.CompletedTask;
    }
}
