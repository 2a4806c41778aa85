using System.Text;
using FastMixer.Adapters.Backends;
using FastMixer.Adapters.Values;
using FastMixer.Engine.Handlers;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Messages;

namespace FastMixer.Adapters.Http;

/// <summary>An authorization webhook. 2xx allows, 408, 429 and 5xx are failures, everything else denies.</summary>
internal sealed class HttpHandler : ICheckBackend
{
    private readonly HttpSettings _settings;
    private readonly HttpBackend _backend;
    private readonly TimeProvider _time;
    private readonly CheckResult _unfit = CheckResult.Create(
        StatusCode.InvalidArgument, "a value of the request cannot be sent to the authorizer in a header", TimeSpan.Zero, 0);

    /// <summary>A handler; connects when it is first asked.</summary>
    /// <param name="settings">Its parameters.</param>
    /// <param name="time">The time to go by.</param>
    public HttpHandler(HttpSettings settings, TimeProvider time)
    {
        _settings = settings;
        _backend = new HttpBackend(settings.Backend);
        _time = time;
    }

    /// <inheritdoc/>
    public async ValueTask<CheckResult> AskAsync(InstanceValues instance, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = CreateRequest(instance);
        if (!TrySetHeaders(request, instance))
        {
            // No failure: what a client sends must not make the handler fail, which may allow.
            return _unfit;
        }

        using HttpResponseMessage response = await _backend.SendAsync(request, cancellationToken).ConfigureAwait(false);
        int status = (int)response.StatusCode;
        if (status is < 200 or 408 or 429 or >= 500)
        {
            throw new BackendException($"the authorizer answered {status}");
        }

        TimeSpan life = AnswerLife.Of(response, _settings.Life, _time.GetUtcNow());
        return response.IsSuccessStatusCode
            ? new CheckResult(StatusCode.Ok, default, life, _settings.Life.UseCount)
            : await Denial.ReadAsync(response, life, _settings, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _backend.Dispose();
        return ValueTask.CompletedTask;
    }

    private HttpRequestMessage CreateRequest(InstanceValues instance)
    {
        Uri url = CreateUrl(instance);
        return _settings.Method == WebhookMethod.Get
            ? new HttpRequestMessage(HttpMethod.Get, url)
            : JsonRequest.Post(url, json => FieldJson.WriteInstance(json, instance));
    }

    private Uri CreateUrl(InstanceValues instance)
    {
        if (_settings.Query.Count == 0)
        {
            return _settings.Backend.Url;
        }

        var url = new StringBuilder(_settings.Backend.Url.AbsoluteUri);
        char separator = _settings.Backend.Url.Query.Length > 0 ? '&' : '?';
        foreach (FieldTarget target in _settings.Query)
        {
            int field = FieldPath.Find(instance.Instance, target.Field);
            string value = field < 0 ? "" : FieldText.Format(instance, field);
            url.Append(separator).Append(Uri.EscapeDataString(target.Name)).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }

        return new Uri(url.ToString());
    }

    // An empty value is not sent. False if a value fits no header.
    private bool TrySetHeaders(HttpRequestMessage request, InstanceValues instance)
    {
        foreach (FieldTarget target in _settings.FieldHeaders)
        {
            int field = FieldPath.Find(instance.Instance, target.Field);
            string value = field < 0 ? "" : FieldText.Format(instance, field);
            if (!Ascii.IsValid(value) || !HeaderSyntax.IsValue(Encoding.ASCII.GetBytes(value)))
            {
                return false;
            }

            if (value.Length > 0)
            {
                request.Headers.TryAddWithoutValidation(target.Name, value);
            }
        }

        return true;
    }
}
