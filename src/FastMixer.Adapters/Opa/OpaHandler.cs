using System.Net;
using FastMixer.Adapters.Backends;
using FastMixer.Adapters.Values;
using FastMixer.Engine.Handlers;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Messages;

namespace FastMixer.Adapters.Opa;

/// <summary>A document of Open Policy Agent, asked with the instance as its input.</summary>
internal sealed class OpaHandler : ICheckBackend
{
    private const int MaxAnswerBytes = 64 * 1024;
    private const string Denied = "denied by policy";

    private readonly OpaSettings _settings;
    private readonly HttpBackend _backend;
    private readonly CheckResult _allowed;
    private readonly CheckResult _denied;

    /// <summary>A handler; connects when it is first asked.</summary>
    public OpaHandler(OpaSettings settings)
    {
        _settings = settings;
        _backend = new HttpBackend(settings.Backend);
        _allowed = Result(StatusCode.Ok, "");
        _denied = Result(StatusCode.PermissionDenied, Denied);
    }

    /// <inheritdoc/>
    public async ValueTask<CheckResult> AskAsync(InstanceValues instance, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = JsonRequest.Post(_settings.Backend.Url, json =>
        {
            json.WriteStartObject();
            json.WritePropertyName("input"u8);
            FieldJson.WriteInstance(json, instance);
            json.WriteEndObject();
        });
        using HttpResponseMessage response = await _backend.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new BackendException($"OPA answered {(int)response.StatusCode} instead of 200");
        }

        byte[] answer = await HttpBackend.ReadBodyAsync(response, MaxAnswerBytes, cancellationToken).ConfigureAwait(false);
        return ToResult(OpaDecision.Read(answer));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _backend.Dispose();
        return ValueTask.CompletedTask;
    }

    private CheckResult ToResult(OpaDecision decision) => decision switch
    {
        { Allow: true } => _allowed,
        { Allow: false, Message.Length: > 0 } => Result(StatusCode.PermissionDenied, decision.Message),
        { Allow: false } => _denied,
        _ when _settings.Undefined == Undefined.Deny => _denied,
        _ => throw new BackendException("OPA has no decision: the document is undefined for the request"),
    };

    private CheckResult Result(StatusCode status, string message) =>
        CheckResult.Create(status, message, _settings.CachingInterval, _settings.CachingUseCount);
}
