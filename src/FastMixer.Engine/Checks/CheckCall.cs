using System.Buffers;
using FastMixer.Caching.Keys;
using FastMixer.Engine.Generators;
using FastMixer.Engine.Snapshots;
using FastMixer.Engine.Verdicts;
using FastMixer.Policy.Language.Evaluation;
using FastMixer.Policy.Language.References;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Buffers;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;

namespace FastMixer.Engine.Checks;

/// <summary>How much of a verdict is written, where an answer's length is limited.</summary>
public enum VerdictParts
{
    /// <summary>All.</summary>
    All,

    /// <summary>All but what each quota depended on.</summary>
    WithoutQuotaReferences,

    /// <summary>That, and not which policy it is of.</summary>
    WithoutPolicy,

    /// <summary>That, without the message.</summary>
    WithoutMessage,

    /// <summary>The status, the quotas and the directive; such a verdict cannot be reused.</summary>
    WithoutReferences,

    /// <summary>The status and the quotas; such a verdict cannot be reused. Only a denial may go without its directive.</summary>
    StatusAndQuotas,
}

/// <summary>
/// One check on its way: the request, what is needed to answer it, and the answer. Pooled (<see cref="MixerEngine.Calls"/>); belongs to one
/// request at a time, and to the engine until <see cref="MixerEngine.CheckAsync"/> completes.
/// </summary>
public sealed class CheckCall : IDisposable
{
    private readonly PooledBuffer _trial = new();
    private SnapshotLease _lease;

    internal CheckCall(AttributeSelection selection)
    {
        Request = new CheckRequest(selection);
        Answers = new AnswerOrder(this);
    }

    /// <summary>The request.</summary>
    public CheckRequest Request { get; }

    /// <summary>The combined answer.</summary>
    public VerdictBuilder Verdict { get; } = new();

    /// <summary>What could not be evaluated or failed, so that there is no verdict; null if there is one.</summary>
    public string? Failure { get; internal set; }

    /// <summary>
    /// How long the answer may be, in bytes; to be set between <see cref="Begin"/> and the check where it is limited. What must not be left out of an
    /// allowed check's answer and does not fit makes it <see cref="IsAnswerTooLarge"/>.
    /// </summary>
    public int MaxAnswerBytes { get; set; } = int.MaxValue;

    /// <summary>When nobody waits for the answer any more; to be set between <see cref="Begin"/> and the check where the request says so.</summary>
    public CheckDeadline Deadline { get; set; }

    /// <summary>
    /// Whether nobody waits for the answer, but one that still holds is to be renewed; to be set between <see cref="Begin"/> and the check. Backends are
    /// asked anew then, unless what they said is young.
    /// </summary>
    public bool IsRenewal { get; set; }

    /// <summary>Whether the check is allowed and its answer would be too long, so that there is no verdict, and no quota was taken.</summary>
    public bool IsAnswerTooLarge { get; internal set; }

    /// <summary>Whether the verdict has a directive.</summary>
    public bool HasDirective => Kept.IsFound
        ? !Kept.Directive.IsEmpty && Verdict.Status == Kept.Status
        : Verdict.Status == StatusCode.Ok ? Directive.HasOperations : Verdict.DirectResponse is not null;

    /// <summary>Whether a handler with a backend was asked for the verdict, so that finding it again may take time.</summary>
    public bool InvolvesBackend { get; internal set; }

    /// <summary>The configuration that answers, from <see cref="Begin"/> on.</summary>
    public LiveSnapshot Snapshot { get; private set; } = null!;

    /// <summary>What expressions are evaluated with.</summary>
    internal EvaluationContext Context { get; } = new();

    /// <summary>The rules that the request may match.</summary>
    internal RuleCandidates Candidates { get; } = new();

    /// <summary>What is done to headers.</summary>
    internal DirectiveBuilder Directive { get; } = new();

    /// <summary>What the policy adds to the request.</summary>
    internal GeneratedAttributes Generated { get; } = new();

    /// <summary>What the policy charges the request.</summary>
    internal ChargeList Charges { get; } = new();

    /// <summary>What it was granted of the quotas that it asks for.</summary>
    internal QuotaGrants Grants { get; } = new();

    /// <summary>What the rules say, in their order.</summary>
    internal AnswerOrder Answers { get; }

    /// <summary>What it has to do with the cache of verdicts.</summary>
    internal CallVerdict Kept { get; } = new();

    /// <summary>Whether the check is allowed so far, and quotas are to be taken for it: those it asks for, or else those that the policy charges.</summary>
    internal bool TakesQuotas => Verdict.Status == StatusCode.Ok && (Request.QuotaCount > 0 || Snapshot.Policy.HasCharges);

    /// <summary>Room for the instance at hand.</summary>
    internal InstanceValues Values => Answers.Values;

    /// <summary>
    /// Takes the configuration that is in force now for the request that comes, with a lease. The lease ends with
    /// <see cref="MixerEngine.CheckAsync"/>; a request that does not come so far must be ended.
    /// </summary>
    /// <param name="engine">The engine.</param>
    /// <returns>What the request must be decoded with.</returns>
    public AttributeSelection Begin(MixerEngine engine)
    {
        End();
        _lease = engine.Lease();
        Snapshot = _lease.Snapshot;
        MaxAnswerBytes = int.MaxValue;
        Deadline = CheckDeadline.None;
        IsRenewal = false;
        return Snapshot.Selection;
    }

    /// <summary>Gives the lease back, if there still is one.</summary>
    public void End()
    {
        if (_lease.Snapshot is not null)
        {
            _lease.Release();
            _lease = default;
        }
    }

    /// <summary>Hands the lease over: whoever takes it gives it back.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public SnapshotLease TakeLease()
    {
        SnapshotLease lease = _lease.Snapshot is not null ? _lease : throw new InvalidOperationException("The call has no lease: it must begin first.");
        _lease = default;
        return lease;
    }

    /// <summary>Copies the request's message in, to be read from there.</summary>
    /// <param name="body">The message.</param>
    /// <param name="inherited">The base attributes, decoded with the selection of <see cref="Begin"/>; or null.</param>
    public WireReader Load(in ReadOnlySequence<byte> body, AttributeBag? inherited)
    {
        Request.Attributes.Reset(Snapshot.Selection, inherited);
        return Request.Attributes.Load(body);
    }

    /// <summary>Copies the request's message in, to be read from there.</summary>
    /// <param name="body">The message.</param>
    /// <param name="inherited">The base attributes, decoded with the selection of <see cref="Begin"/>; or null.</param>
    public WireReader Load(ReadOnlySpan<byte> body, AttributeBag? inherited)
    {
        Request.Attributes.Reset(Snapshot.Selection, inherited);
        return Request.Attributes.Load(body);
    }

    /// <summary>Writes the verdict as a message. No allocation.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="id">The check's id.</param>
    /// <param name="wordCount">How many words the client knows.</param>
    /// <param name="parts">How much of it.</param>
    /// <param name="tellsPolicy">Whether to tell which policy it is of.</param>
    public void WriteVerdict(ref WireWriter writer, uint id, int wordCount, VerdictParts parts, bool tellsPolicy = false)
    {
        bool reusable = parts < VerdictParts.WithoutReferences;
        int quotas = Verdict.Status == StatusCode.Ok ? Request.QuotaCount : 0;
        VerdictExtras extras = Extras(parts, tellsPolicy, quotas);
        VerdictWriter.WriteStart(
            ref writer,
            id,
            Verdict.Status,
            parts < VerdictParts.WithoutMessage ? Verdict.Message : default,
            reusable ? Verdict.ValidDuration : TimeSpan.Zero,
            reusable ? Verdict.ValidUseCount : 0,
            !reusable ? 0 : Kept.Set?.Count ?? Context.References.Count,
            extras);
        if (reusable)
        {
            WriteReferences(ref writer, wordCount);
        }

        VerdictWriter.WriteQuotaCount(ref writer, quotas);
        for (int i = 0; i < quotas; i++)
        {
            Request.GetQuota(i, out ReadOnlySpan<byte> name, out _, out _);
            VerdictWriter.WriteQuota(ref writer, name, Grants[i].Granted, Grants[i].ValidDuration);
        }

        WriteExtras(ref writer, extras, wordCount, quotas);
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        Request.Dispose();
        Verdict.Dispose();
        Directive.Dispose();
        Kept.Dispose();
        _trial.Dispose();
        Context.Dispose();
        Answers.Dispose();
        Generated.Dispose();
        Grants.Dispose();
    }

    /// <summary>Prepares to answer the request that has been read.</summary>
    internal void Start()
    {
        Failure = null;
        IsAnswerTooLarge = false;
        InvolvesBackend = false;
        Verdict.Reset();
        Directive.Reset();
        Kept.Reset();
        Context.Reset(Request.Attributes, Snapshot.Policy.References);
        Grants.Reset(Request.QuotaCount);
    }

    /// <summary>Lets go of everything that belongs to the configuration, so that a resting call does not keep a replaced one in memory.</summary>
    internal void Release()
    {
        End();
        Snapshot = null!;
        Kept.Release();
        Candidates.Release();
        Charges.Reset();
        Generated.Release();
        Context.Release();
        Grants.Release();
        Answers.Release();
    }

    /// <summary>
    /// Takes a lease for the request of another call, to answer it again by the same configuration: without quotas, and with nobody waiting.
    /// </summary>
    /// <param name="engine">The engine.</param>
    /// <param name="other">The other call; its attributes are copied.</param>
    /// <returns>False if its configuration is no more in force; there is no lease then.</returns>
    internal bool BeginRenewal(MixerEngine engine, CheckCall other)
    {
        Begin(engine);
        if (Snapshot != other.Snapshot)
        {
            End();
            return false;
        }

        IsRenewal = true;
        Request.CopyAttributes(other.Request);
        return true;
    }

    /// <summary>Finds the rules that the request may match, and what a verdict by them depends on in the configuration.</summary>
    internal void FindCandidates()
    {
        Snapshot.Policy.Checks.Find(Context).Find(Context, Candidates);
        if (Snapshot.Verdicts is { } verdicts)
        {
            Kept.Fingerprint = verdicts.ForAll ?? CheckFingerprint.Of(Candidates, Context.References);
        }
    }

    /// <summary>Adds the references of the verdict that was found to those that are still to come, so that the answer has the union.</summary>
    internal void NoteKeptReferences()
    {
        foreach (ReferencePart part in Kept.Set!.Parts)
        {
            Context.References.Note(part.Slot, part.Key is not null, part.Key, part.IsPresent);
        }

        Kept.Set = null;
    }

    /// <summary>Whether what must not be left out of the answer fits when the check is allowed: whatever is granted of the quotas, and the directive.</summary>
    internal bool FitsAllowed()
    {
        if (MaxAnswerBytes == int.MaxValue || (Request.QuotaCount == 0 && !HasDirective))
        {
            return true;
        }

        var writer = new WireWriter(_trial.GetSpan(MaxAnswerBytes)[..MaxAnswerBytes], framed: false);
        VerdictExtras extras = HasDirective ? VerdictExtras.Directive : VerdictExtras.None;
        VerdictWriter.WriteStart(ref writer, uint.MaxValue, StatusCode.Ok, default, TimeSpan.Zero, 0, references: 0, extras);
        VerdictWriter.WriteQuotaCount(ref writer, Request.QuotaCount);
        for (int i = 0; i < Request.QuotaCount; i++)
        {
            Request.GetQuota(i, out ReadOnlySpan<byte> name, out _, out _);
            VerdictWriter.WriteQuota(ref writer, name, long.MaxValue, TimeSpan.FromMilliseconds(uint.MaxValue));
        }

        if (HasDirective)
        {
            WriteDirective(ref writer);
        }

        return writer.TryComplete(out _);
    }

    /// <summary>Writes the directive that the verdict has.</summary>
    internal void WriteDirective(ref WireWriter writer)
    {
        if (Kept.IsFound)
        {
            writer.WriteRaw(Kept.Directive);
        }
        else if (Verdict.DirectResponse is { } response)
        {
            DirectiveBuilder.Write(ref writer, response, Verdict.Status);
        }
        else
        {
            Directive.Write(ref writer);
        }
    }

    private VerdictExtras Extras(VerdictParts parts, bool tellsPolicy, int quotas) =>
        (HasDirective && parts != VerdictParts.StatusAndQuotas ? VerdictExtras.Directive : VerdictExtras.None)
        | (tellsPolicy && parts < VerdictParts.WithoutPolicy ? VerdictExtras.Policy : VerdictExtras.None)
        | (quotas > 0 && parts == VerdictParts.All ? VerdictExtras.QuotaReferences : VerdictExtras.None);

    private void WriteExtras(ref WireWriter writer, VerdictExtras extras, int wordCount, int quotas)
    {
        if ((extras & VerdictExtras.Directive) != 0)
        {
            WriteDirective(ref writer);
        }
        else if (extras != VerdictExtras.None)
        {
            VerdictWriter.WriteNoDirective(ref writer);
        }

        if (extras >= VerdictExtras.Policy)
        {
            VerdictWriter.WritePolicy(ref writer, (extras & VerdictExtras.Policy) != 0 ? Snapshot.Policy.Digest : 0);
        }

        if (extras >= VerdictExtras.QuotaReferences)
        {
            VerdictWriter.WriteQuotaCount(ref writer, quotas);
            for (int i = 0; i < quotas; i++)
            {
                VerdictWriter.WriteReferenceCount(ref writer, Grants.References(i).Count);
                WriteReferences(ref writer, Grants.References(i), wordCount);
            }
        }
    }

    private void WriteReferences(ref WireWriter writer, int wordCount)
    {
        if (Kept.Set is { } set)
        {
            set.WriteReferences(ref writer, wordCount);
        }
        else
        {
            WriteReferences(ref writer, Context.References, wordCount);
        }
    }

    private void WriteReferences(ref WireWriter writer, ReferenceRecorder references, int wordCount)
    {
        ReferenceTable table = Snapshot.Policy.References;
        foreach (Reference reference in references)
        {
            ReferenceFlags flags = (reference.Present ? ReferenceFlags.Exact : ReferenceFlags.None)
                | (reference.HasKey ? ReferenceFlags.HasKey : ReferenceFlags.None);
            VerdictWriter.WriteReference(ref writer, flags, table.Name(reference.Slot), reference.Key, wordCount);
        }
    }
}
