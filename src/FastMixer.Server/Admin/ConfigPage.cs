using System.Globalization;
using FastMixer.Server.Configuration;

namespace FastMixer.Server.Admin;

/// <summary><c>/config</c>: which policy is in force, and what keeps a newer one from it.</summary>
/// <param name="status">How the policy stands.</param>
public sealed class ConfigPage(Func<PolicyStatus> status) : IAdminPage
{
    /// <inheritdoc/>
    public string Path => "/config";

    /// <inheritdoc/>
    public string Description => "the policy in force, and what is wrong with a newer one, as JSON";

    /// <inheritdoc/>
    public Task WriteAsync(AdminReply reply, CancellationToken cancellationToken)
    {
        PolicyStatus now = status();
        reply.WriteJson(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("generation", now.Generation);
            json.WriteString("digest", now.Digest.ToString("x16", CultureInfo.InvariantCulture));
            json.WriteString("loaded", now.Loaded);
            json.WriteString("folder", now.Folder);
            json.WriteBoolean("stale", now.IsStale);
            json.WriteStartArray("problems");
            foreach (string problem in now.Problems)
            {
                json.WriteStringValue(problem);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
        return Task.CompletedTask;
    }
}
