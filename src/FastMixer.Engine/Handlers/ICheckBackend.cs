using FastMixer.Policy.Rules;

namespace FastMixer.Engine.Handlers;

/// <summary>
/// A handler whose answers to checks come from a backend that may be slow or down. It asks, and says what it was told or throws; what a failure means, who
/// waits, how often is asked and what is remembered is the engine's business: an adapter neither retries nor caches.
/// </summary>
public interface ICheckBackend : IHandler
{
    /// <summary>Asks the backend once. Called by many at once. Must not block the calling thread.</summary>
    /// <param name="instance">The instance's fields; belongs to the caller again when the task completes.</param>
    /// <param name="cancellationToken">Cancelled when the time for the answer is over, or nobody waits for it any more.</param>
    /// <returns>What the backend says, denials too; the message may be made for this answer.</returns>
    /// <exception cref="Exception">The backend could not be reached, or its answer is none: a failure, which is no denial.</exception>
    ValueTask<CheckResult> AskAsync(InstanceValues instance, CancellationToken cancellationToken);
}
