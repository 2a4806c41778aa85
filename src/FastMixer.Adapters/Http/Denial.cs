using System.Net.Http.Headers;
using System.Text;
using System.Text.Unicode;
using FastMixer.Adapters.Backends;
using FastMixer.Adapters.Values;
using FastMixer.Engine.Handlers;
using FastMixer.Protocol.Messages;

namespace FastMixer.Adapters.Http;

/// <summary>
/// Makes denials of an authorizer's answers. The status has decided: whatever is wrong with the rest, long, cut off or no text, is left out and
/// never turns the denial into a failure, which might allow.
/// </summary>
internal static class Denial
{
    /// <summary>Reads what an answer says beyond its status.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="life">How long it may be reused.</param>
    /// <param name="settings">The handler's parameters.</param>
    /// <param name="cancellationToken">Ends the wait for the body.</param>
    public static async Task<CheckResult> ReadAsync(HttpResponseMessage response, TimeSpan life, HttpSettings settings, CancellationToken cancellationToken)
    {
        string body = await ReadBodyAsync(response, cancellationToken).ConfigureAwait(false);
        int httpStatus = (int)response.StatusCode;
        StatusCode status = httpStatus == 401 ? StatusCode.Unauthenticated : StatusCode.PermissionDenied;
        bool isPlain = response.Content.Headers.ContentType?.MediaType is null or "text/plain";
        string message = isPlain ? DenialText.Clean(body) : "";
        message = message.Length > 0 ? message : $"the authorizer answered {httpStatus}";
        return CheckResult.Create(status, message, life, settings.Life.UseCount) with
        {
            DirectResponse = settings.PassedHeaders is { } passed ? new DirectHttpResponse(httpStatus, body, Headers(response, passed)) : null,
        };
    }

    // Empty where it cannot be passed on.
    private static async Task<string> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            byte[] body = await HttpBackend.ReadBodyAsync(response, DirectResponse.MaxBodyBytes, cancellationToken).ConfigureAwait(false);
            return Utf8.IsValid(body) && response.Content.Headers.ContentEncoding.Count == 0 ? Encoding.UTF8.GetString(body) : "";
        }
        catch (Exception exception) when (exception is BackendException or OperationCanceledException)
        {
            return "";
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Headers(HttpResponseMessage response, IReadOnlyList<string> passed) =>
        (from name in passed
         from value in Values(response.Headers, name).Concat<string>(Values(response.Content.Headers, name))
         let utf8 = Encoding.UTF8.GetBytes(value)
         where HeaderSyntax.IsValue(utf8)
         select KeyValuePair.Create(name, value)).TakeWhile(new Room().Takes);

    private static HeaderStringValues Values(HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out HeaderStringValues values) ? values : default;

    // A response has room for so many headers, each cookie being one.
    private sealed class Room
    {
        private int _left = RouteDirective.MaxOperations;

        public bool Takes(KeyValuePair<string, string> header) => (_left -= DirectHttpResponse.CountHeaders(header.Key, header.Value)) >= 0;
    }
}
