using FastMixer.Engine.Handlers;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;

namespace FastMixer.Adapters.List;

/// <summary>A list at work. Answers from memory; immutable.</summary>
internal sealed class ListHandler : ICheckHandler
{
    private readonly ListSettings _settings;
    private readonly CheckResult _allowed;
    private readonly CheckResult _denied;
    private readonly CheckResult _notComparable;

    /// <summary>A handler.</summary>
    public ListHandler(ListSettings settings)
    {
        _settings = settings;
        _allowed = Result(StatusCode.Ok, "");
        _denied = Result(StatusCode.PermissionDenied, settings.IsBlacklist ? "the value is blacklisted" : "the value is not whitelisted");
        _notComparable = Result(StatusCode.InvalidArgument, $"the value is not {settings.Entries.Expected}");
    }

    /// <inheritdoc/>
    public ValueTask<CheckResult> CheckAsync(InstanceValues instance, CancellationToken cancellationToken) => new(Check(instance));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => default;

    private CheckResult Check(InstanceValues instance)
    {
        // An instance that leaves the value out has the empty text.
        bool hasValue = instance.Count > 0;
        AttributeType type = hasValue ? instance.Instance.Fields[0].Type : AttributeType.String;
        if (!_settings.Entries.TryContains(hasValue ? instance.GetBytes(0).Span : default, type, out bool found))
        {
            return _notComparable;
        }

        return found == _settings.IsBlacklist ? _denied : _allowed;
    }

    private CheckResult Result(StatusCode status, string message) =>
        CheckResult.Create(status, message, _settings.CachingInterval, _settings.CachingUseCount);
}
