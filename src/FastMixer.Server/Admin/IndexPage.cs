namespace FastMixer.Server.Admin;

/// <summary><c>/</c>: the list of pages.</summary>
internal sealed class IndexPage(IReadOnlyCollection<IAdminPage> pages) : IAdminPage
{
    /// <inheritdoc/>
    public string Path => "/";

    /// <inheritdoc/>
    public string Description => "this list";

    /// <inheritdoc/>
    public Task WriteAsync(AdminReply reply, CancellationToken cancellationToken)
    {
        int width = pages.Count == 0 ? 0 : pages.Max(page => page.Path.Length);
        foreach (IAdminPage page in pages.OrderBy(page => page.Path, StringComparer.Ordinal))
        {
            reply.WriteLine($"{page.Path.PadRight(width)}  {page.Description}");
        }

        return Task.CompletedTask;
    }
}
