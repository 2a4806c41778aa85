namespace FastMixer.Server.Admin;

/// <summary>
/// One page of the admin endpoint. Called on threads of the pool, by a few requests at once; it may allocate and take its time, but must not take a lock that
/// the way of a request needs.
/// </summary>
public interface IAdminPage
{
    /// <summary>Where it is: a slash and lower case, such as <c>/metrics</c>.</summary>
    string Path { get; }

    /// <summary>What it shows, in a few words, for the list of pages.</summary>
    string Description { get; }

    /// <summary>Writes the page.</summary>
    /// <param name="reply">What was asked, and where to write to.</param>
    /// <param name="cancellationToken">Cancelled when the endpoint ends.</param>
    Task WriteAsync(AdminReply reply, CancellationToken cancellationToken);
}
