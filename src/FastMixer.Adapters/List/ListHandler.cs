using FastMixer.Adapters.List.Provided;
using FastMixer.Engine.Handlers;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;

namespace FastMixer.Adapters.List;

/// <summary>A list at work. Answers from memory, also where the list is fetched from a provider; fails while there is none.</summary>
internal sealed class ListHandler : ICheckHandler
{
    private readonly ListSettings _settings;
    private readonly ProvidedList? _provided;
    private readonly CheckResult _allowed;
    private readonly CheckResult _denied;
    private readonly CheckResult _notComparable;

    /// <summary>A handler.</summary>
    /// <param name="settings">Its parameters.</param>
    /// <param name="provided">The list, if it is fetched from a provider; disposed with the handler.</param>
    public ListHandler(ListSettings settings, ProvidedList? provided)
    {
        _settings = settings;
        _provided = provided;
        _allowed = Result(StatusCode.Ok, "");
        _denied = Result(StatusCode.PermissionDenied, settings.IsBlacklist ? "the value is blacklisted" : "the value is not whitelisted");
        _notComparable = Result(StatusCode.InvalidArgument, $"the value is not {EntryLists.Expected(settings.Type)}");
    }

    /// <inheritdoc/>
    public ValueTask<CheckResult> CheckAsync(InstanceValues instance, CancellationToken cancellationToken) => new(Check(instance));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _provided?.DisposeAsync() ?? ValueTask.CompletedTask;

    private CheckResult Check(InstanceValues instance)
    {
        // An instance that leaves the value out has the empty text.
        bool hasValue = instance.Count > 0;
        AttributeType type = hasValue ? instance.Instance.Fields[0].Type : AttributeType.String;
        IEntryList entries = _provided is null ? _settings.Overrides : _provided.Current;
        if (!entries.TryContains(hasValue ? instance.GetBytes(0).Span : default, type, out bool found))
        {
            return _notComparable;
        }

        return found == _settings.IsBlacklist ? _denied : _allowed;
    }

    private CheckResult Result(StatusCode status, string message) =>
        CheckResult.Create(status, message, _settings.CachingInterval, _settings.CachingUseCount);
}
