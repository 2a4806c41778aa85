namespace FastMixer.Adapters.Backends;

/// <summary>Where a backend is reached by HTTP, and how.</summary>
/// <param name="Url">An absolute <c>http</c> or <c>https</c> URL without credentials and fragment.</param>
/// <param name="Headers">What every request carries; may hold secrets, so it is never told.</param>
/// <param name="MaxConnections">Connections at once; requests beyond wait.</param>
/// <param name="CaFile">A PEM file of the authorities that are trusted for <c>https</c>, or empty for those of the system.</param>
internal sealed record HttpBackendSettings(Uri Url, IReadOnlyList<KeyValuePair<string, string>> Headers, int MaxConnections, string CaFile);
