using FastMixer.Policy.Rules;

namespace FastMixer.Engine.Handlers;

/// <summary>
/// An adapter at work with its parameters. One object serves all threads at once. Disposed when the configuration that made it is gone and
/// nothing uses it any more.
/// </summary>
public interface IHandler : IAsyncDisposable
{
}

/// <summary>
/// A handler that answers checks. One that answers from memory returns a completed task and allocates nothing: the caller is the thread that
/// reads the sockets, which must never wait.
/// </summary>
public interface ICheckHandler : IHandler
{
    /// <summary>Answers one check.</summary>
    /// <param name="instance">The instance's fields; belongs to the caller again when the task completes.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for the answer any more.</param>
    /// <returns>The result; its message must stay valid for as long as the handler lives.</returns>
    ValueTask<CheckResult> CheckAsync(InstanceValues instance, CancellationToken cancellationToken);
}

/// <summary>A handler that grants quotas. The rules of <see cref="ICheckHandler"/> hold.</summary>
public interface IQuotaHandler : IHandler
{
    /// <summary>Takes, or gives back, an amount.</summary>
    /// <param name="instance">The instance's fields: the dimensions; belongs to the caller again when the task completes.</param>
    /// <param name="arguments">What is asked for.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for the answer any more.</param>
    ValueTask<QuotaResult> AllocateAsync(InstanceValues instance, QuotaArguments arguments, CancellationToken cancellationToken);
}
