using FastMixer.Engine.Handlers;
using FastMixer.Policy.Language.Evaluation;
using FastMixer.Policy.Language.References;

namespace FastMixer.Engine.Checks;

/// <summary>
/// What a check was granted of the quotas that it asked for, and what decided for each from which amount it was taken. Reused; belongs to one check at a
/// time; no allocation once grown.
/// </summary>
internal sealed class QuotaGrants : IDisposable
{
    private readonly ReferenceRecorder _before = new();
    private readonly ReferenceRecorder _generators = new();
    private QuotaResult[] _results = [];
    private ReferenceRecorder[] _references = [];
    private bool _hasGenerators;

    /// <summary>What was granted of one quota.</summary>
    /// <param name="index">Its place in the check.</param>
    public QuotaResult this[int index] => _results[index];

    /// <summary>What one quota depended on.</summary>
    /// <param name="index">Its place in the check.</param>
    public ReferenceRecorder References(int index) => _references[index];

    /// <summary>Prepares for a check.</summary>
    /// <param name="quotas">How many it asks for.</param>
    public void Reset(int quotas)
    {
        _hasGenerators = false;
        if (quotas > _results.Length)
        {
            int known = _references.Length;
            _results = new QuotaResult[quotas];
            Array.Resize(ref _references, quotas);
            for (int i = known; i < quotas; i++)
            {
                _references[i] = new ReferenceRecorder();
            }
        }
    }

    /// <summary>
    /// Notes what the generators looked up, while nothing else is noted. Each quota may read what they gave, without looking up again what that came from, so it
    /// counts for each.
    /// </summary>
    /// <param name="context">Has the notes.</param>
    public void NoteGenerators(EvaluationContext context)
    {
        _generators.CopyFrom(context.References);
        _hasGenerators = true;
    }

    /// <summary>Puts the notes so far aside, so that those of the quotas can be told from them.</summary>
    /// <param name="context">Has the notes.</param>
    public void Begin(EvaluationContext context) => _before.CopyFrom(context.References);

    /// <summary>Begins one quota: with no notes but those of the generators.</summary>
    /// <param name="context">Takes the notes.</param>
    public void BeginQuota(EvaluationContext context)
    {
        context.References.Reset(_before.Table!);
        if (_hasGenerators)
        {
            context.References.Merge(_generators);
        }
    }

    /// <summary>Takes what was granted of one quota, and its notes.</summary>
    /// <param name="index">Its place in the check.</param>
    /// <param name="result">What was granted.</param>
    /// <param name="context">Has the notes.</param>
    public void Add(int index, QuotaResult result, EvaluationContext context)
    {
        _results[index] = result;
        _references[index].CopyFrom(context.References);
        _before.Merge(context.References);
    }

    /// <summary>Gives the context all notes: those from before, and those of all quotas.</summary>
    /// <param name="context">Takes the notes.</param>
    public void End(EvaluationContext context) => context.References.CopyFrom(_before);

    /// <summary>Turns look-ups of attributes that the policy added into what they came from, as is done with the notes of the check.</summary>
    /// <param name="rewriting">How.</param>
    /// <param name="added">What was added.</param>
    /// <param name="quotas">How many quotas were asked for.</param>
    public void Rewrite(GeneratedReferences rewriting, Protocol.Attributes.AttributeBag added, int quotas)
    {
        for (int i = 0; i < quotas; i++)
        {
            rewriting.Rewrite(_references[i], added);
        }
    }

    /// <summary>Lets go of the look-ups of a configuration.</summary>
    public void Release()
    {
        _before.Release();
        _generators.Release();
        foreach (ReferenceRecorder references in _references)
        {
            references.Release();
        }
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        _before.Dispose();
        _generators.Dispose();
        foreach (ReferenceRecorder references in _references)
        {
            references.Dispose();
        }
    }
}
