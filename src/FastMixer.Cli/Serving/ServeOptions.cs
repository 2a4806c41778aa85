using FastMixer.Engine.Reports;
using FastMixer.Engine.Verdicts;
using FastMixer.Server.Configuration;
using FastMixer.Server.Hosting;

namespace FastMixer.Cli.Serving;

/// <summary>What a server is run with.</summary>
/// <param name="Policy">The policy to begin with.</param>
/// <param name="Folder">Where it is from, to be watched; null for a policy that does not change.</param>
/// <param name="Watch">How the folder is watched.</param>
/// <param name="Server">How sockets are served.</param>
/// <param name="Verdicts">How verdicts are kept; null for not at all.</param>
/// <param name="Reports">How many reports may wait, and who reads them.</param>
/// <param name="Admin">Where the admin pages are to be.</param>
internal sealed record ServeOptions(
    PolicyLoad Policy,
    PolicyFolder? Folder,
    WatchOptions Watch,
    MixerServerOptions Server,
    VerdictCacheOptions? Verdicts,
    ReportOptions Reports,
    AdminChoice Admin);
