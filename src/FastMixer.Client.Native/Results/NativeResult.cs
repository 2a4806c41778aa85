using FastMixer.Client.Native.Boundary;
using FastMixer.Protocol.Messages;

namespace FastMixer.Client.Native.Results;

/// <summary>
/// An <c>fm_result</c>: an answer, and its texts as C reads them, written when they are asked for. Belongs to one thread at a time.
/// </summary>
internal sealed class NativeResult : IDisposable
{
    // The texts' numbers: two, then two for each operation of the request, of the response, and one for each quota.
    private const int MessageText = 0;
    private const int BodyText = 1;
    private const int RequestTexts = 2;
    private const int ResponseTexts = RequestTexts + (2 * RouteDirective.MaxOperations);
    private const int QuotaTexts = ResponseTexts + (2 * RouteDirective.MaxOperations);

    private readonly List<PinnedText?> _texts = [];
    private readonly List<int> _written = [];
    private CheckResult _answer;
    private bool _isAnswered;

    /// <summary>Room for an answer.</summary>
    public NativeResult() => Handle = Handles.Add(this);

    /// <summary>What stands for it outside.</summary>
    public nint Handle { get; private set; }

    /// <summary>The answer.</summary>
    /// <exception cref="FaultException">There is none.</exception>
    public CheckResult Answer => _isAnswered
        ? _answer
        : throw new FaultException(Code.InvalidArgument, "The result tells nothing: no check was made with it, or the last one has failed.");

    /// <summary>Takes an answer.</summary>
    /// <param name="answer">It.</param>
    public void Take(CheckResult answer)
    {
        Clear();
        _answer = answer;
        _isAnswered = true;
    }

    /// <summary>Forgets the answer.</summary>
    public void Clear()
    {
        _written.Clear();
        _answer = default;
        _isAnswered = false;
    }

    /// <summary>Forgets the answer, and makes the handle one that nobody has.</summary>
    public void Renew()
    {
        Clear();
        Handle = Handles.Renew(Handle);
    }

    /// <summary>The message.</summary>
    public PinnedText Message => Text(MessageText, Answer.Message);

    /// <summary>The content of the direct response.</summary>
    public PinnedText Body => Text(BodyText, Answer.Directive.Response?.Body ?? string.Empty);

    /// <summary>A change of the request's headers.</summary>
    /// <param name="index">Which.</param>
    public NativeOperation RequestOperation(int index) => Operation(Answer.Directive.RequestHeaders, index, RequestTexts);

    /// <summary>A change of the response's headers.</summary>
    /// <param name="index">Which.</param>
    public NativeOperation ResponseOperation(int index) => Operation(Answer.Directive.ResponseHeaders, index, ResponseTexts);

    /// <summary>What was granted of a quota.</summary>
    /// <param name="index">Which, in the order asked.</param>
    public NativeGrant Grant(int index)
    {
        QuotaGrant grant = At(Answer.Quotas, index);
        return new NativeGrant(grant, Text(QuotaTexts + index, grant.Name));
    }

    /// <inheritdoc/>
    public void Dispose() => Handles.Remove<NativeResult>(Handle);

    private NativeOperation Operation(IReadOnlyList<HeaderOperation> operations, int index, int firstText)
    {
        HeaderOperation operation = At(operations, index);
        int text = firstText + (2 * index);
        return new NativeOperation(operation.Kind, Text(text, operation.Name), Text(text + 1, operation.Value));
    }

    private static T At<T>(IReadOnlyList<T> list, int index) => (uint)index < (uint)list.Count
        ? list[index]
        : throw new FaultException(Code.InvalidArgument, $"There is none of index {index}: expected 0 to {list.Count - 1}, of {list.Count}.");

    private PinnedText Text(int number, string text)
    {
        while (_texts.Count <= number)
        {
            _texts.Add(null);
        }

        PinnedText pinned = _texts[number] ??= new PinnedText();
        if (!_written.Contains(number))
        {
            pinned.Set(text);
            _written.Add(number);
        }

        return pinned;
    }
}
