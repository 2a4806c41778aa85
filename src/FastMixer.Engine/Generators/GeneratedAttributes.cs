using FastMixer.Engine.Handlers;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Engine.Generators;

/// <summary>Room for what a policy adds to one request. Reused; belongs to one request at a time; no allocation once grown.</summary>
internal sealed class GeneratedAttributes : IDisposable
{
    private AttributeBag? _added;
    private AttributeBag? _outputs;

    /// <summary>What was added, over the request's own attributes.</summary>
    public AttributeBag Added => _added!;

    /// <summary>What the generator at hand gave, over the request's own attributes.</summary>
    public AttributeBag Outputs => _outputs!;

    /// <summary>Takes what the generator at hand gives.</summary>
    public GeneratorOutput Output { get; } = new();

    /// <summary>The rules that may add attributes.</summary>
    public RuleCandidates Candidates { get; } = new();

    /// <summary>Room for the instance at hand.</summary>
    public InstanceValues Values { get; } = new();

    /// <summary>Prepares for a request.</summary>
    /// <param name="request">Its own attributes.</param>
    public void Begin(AttributeBag request)
    {
        _added ??= new AttributeBag(request.Selection);
        _outputs ??= new AttributeBag(request.Selection);
        _added.Reset(request.Selection, request);
    }

    /// <summary>Prepares for a generator.</summary>
    /// <param name="request">The request's own attributes: generators do not see what others gave.</param>
    /// <param name="slots">Where the outputs are.</param>
    public void BeginOutput(AttributeBag request, ReadOnlySpan<int> slots)
    {
        Outputs.Reset(request.Selection, request);
        Output.Begin(Outputs, slots);
    }

    /// <summary>Lets go of the configuration.</summary>
    public void Release()
    {
        Candidates.Release();
        Values.Release();
        (_added, _outputs) = (null, null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _added?.Dispose();
        _outputs?.Dispose();
        Values.Dispose();
    }
}
