using System.Globalization;
using System.Net.Http.Headers;
using FastMixer.LoadTest.Load;
using FastMixer.LoadTest.Transport;

namespace FastMixer.LoadTest.Outage;

/// <summary>Asks the backend itself, by the framework's client, as a service would that has no FastMixer.</summary>
internal sealed class DirectClient : ICheckClient
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpClient _http;

    /// <summary>Prepares a client of a backend.</summary>
    public DirectClient(ServerAddress backend, TimeSpan timeout) => _http = new HttpClient
    {
        BaseAddress = new Uri($"http://{backend.EndPoint}/authorize"),
        Timeout = timeout,
    };

    /// <inheritdoc/>
    public async Task<CheckOutcome> CheckAsync(uint key)
    {
        var digits = key.ToString($"D{KeyDigits.Length}", CultureInfo.InvariantCulture);
        using var body = new StringContent($$"""{"path":"/api/v1/products/{{digits}}"}""", Json);
        try
        {
            using var answer = await _http.PostAsync((Uri?)null, body);
            return answer.IsSuccessStatusCode
                ? CheckOutcome.Decided
                : new CheckOutcome(string.Create(CultureInfo.InvariantCulture, $"HTTP status {(int)answer.StatusCode}"));
        }
        catch (OperationCanceledException)
        {
            return new CheckOutcome("no answer in time");
        }
        catch (HttpRequestException e)
        {
            return new CheckOutcome($"{e.HttpRequestError}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
