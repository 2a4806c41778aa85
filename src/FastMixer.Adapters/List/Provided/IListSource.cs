using FastMixer.Adapters.Backends;

namespace FastMixer.Adapters.List.Provided;

/// <summary>Where the text of a list comes from.</summary>
internal interface IListSource : IDisposable
{
    /// <summary>Asks for the text.</summary>
    /// <param name="known">What the source said of the text that is in use; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The text, or null if it is still the known one.</returns>
    /// <exception cref="BackendException">There is no text to be had.</exception>
    Task<ListDocument?> FetchAsync(ListVersion? known, CancellationToken cancellationToken);
}

/// <summary>The text of a list.</summary>
/// <param name="Utf8">Its bytes.</param>
/// <param name="Version">What the source says of it.</param>
internal sealed record ListDocument(byte[] Utf8, ListVersion Version);

/// <summary>By what a source knows a text again.</summary>
/// <param name="EntityTag">The header <c>etag</c>, or null.</param>
/// <param name="LastModified">The header <c>last-modified</c>, or null.</param>
internal sealed record ListVersion(string? EntityTag, string? LastModified)
{
    /// <summary>The version of a text of which the source says nothing.</summary>
    public static ListVersion Unknown { get; } = new(null, null);
}

/// <summary>Makes sources.</summary>
internal static class ListSources
{
    /// <summary>The source that a provider's URL names.</summary>
    /// <param name="provider">The provider.</param>
    public static IListSource Create(ProviderSettings provider) => provider.Backend.Url.IsFile
        ? new FileListSource(provider.Backend.Url.LocalPath, provider.MaxBytes)
        : new HttpListSource(provider.Backend, provider.MaxBytes);
}
