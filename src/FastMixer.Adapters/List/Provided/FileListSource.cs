using FastMixer.Adapters.Backends;

namespace FastMixer.Adapters.List.Provided;

/// <summary>A list in a file, read anew each time: it may lie in a volume that is replaced by turning a link.</summary>
internal sealed class FileListSource(string path, int maxBytes) : IListSource
{
    /// <inheritdoc/>
    public async Task<ListDocument?> FetchAsync(ListVersion? known, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: true);
            byte[]? bytes = await BoundedReader.ReadAsync(file, maxBytes, cancellationToken).ConfigureAwait(false);
            return bytes is not null ? new ListDocument(bytes, ListVersion.Unknown) : throw new BackendException($"has more than {maxBytes} bytes");
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException and not BackendException)
        {
            throw new BackendException(exception is FileNotFoundException or DirectoryNotFoundException ? "has no such file" : "could not be read", exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
