using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace FastMixer.Adapters.Backends;

/// <summary>
/// A backend that is asked by HTTP. Redirects are not followed, cookies not kept, the proxies of the environment not used, bodies not unpacked. It has no
/// timeouts of its own but for connecting: the tokens it is given have. Thread-safe.
/// </summary>
internal sealed class HttpBackend : IDisposable
{
    // A name is looked up again for new connections: a backend that moves is found.
    private static readonly TimeSpan ConnectionLife = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan IdleConnectionLife = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(10);

    // What is left of a body that nobody reads is taken from the connection up to this, so that the connection can be used again.
    private const int MaxDrainBytes = 64 * 1024;
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(1);

    private const int MaxHeaderKilobytes = 32;

    private readonly HttpMessageInvoker _http;
    private readonly HttpBackendSettings _settings;

    /// <summary>A backend; connects when it is first asked.</summary>
    /// <param name="settings">Where it is.</param>
    /// <exception cref="IOException">The file of trusted authorities cannot be read.</exception>
    /// <exception cref="InvalidDataException">It holds no certificate.</exception>
    public HttpBackend(HttpBackendSettings settings)
    {
        _settings = settings;
#pragma warning disable CA2000 // Disposed with the invoker.
        _http = new HttpMessageInvoker(Connect(settings), disposeHandler: true);
#pragma warning restore CA2000
    }

    /// <summary>Sends a request with the backend's headers.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The response as soon as its headers are there; its body is still to be read. Belongs to the caller.</returns>
    /// <exception cref="BackendException">There is none.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        foreach ((string name, string value) in _settings.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            return await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException exception)
        {
            throw new BackendException(Describe(exception.HttpRequestError), exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BackendException("could not be connected to in time", exception);
        }
    }

    /// <summary>Reads a body whole.</summary>
    /// <param name="response">The response.</param>
    /// <param name="maxBytes">How long it may be.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="BackendException">It is longer, or it broke off.</exception>
    public static async Task<byte[]> ReadBodyAsync(HttpResponseMessage response, int maxBytes, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength > maxBytes)
        {
            throw TooLong(maxBytes);
        }

        try
        {
            await using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            return await BoundedReader.ReadAsync(stream, maxBytes, cancellationToken).ConfigureAwait(false) ?? throw TooLong(maxBytes);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException and not BackendException)
        {
            throw new BackendException("broke off in the middle of an answer", exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static SocketsHttpHandler Connect(HttpBackendSettings settings) => new()
    {
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = ConnectTime,
        MaxConnectionsPerServer = settings.MaxConnections,
        MaxResponseDrainSize = MaxDrainBytes,
        MaxResponseHeadersLength = MaxHeaderKilobytes,
        PooledConnectionIdleTimeout = IdleConnectionLife,
        PooledConnectionLifetime = ConnectionLife,
        ResponseDrainTimeout = DrainTime,
        SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = settings.CaFile.Length > 0 ? Trust(settings.CaFile) : null },
        UseCookies = false,
        UseProxy = false,
    };

    private static BackendException TooLong(int maxBytes) => new($"sent more than {maxBytes} bytes");

    private static string Describe(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => "could not be found by its name",
        HttpRequestError.ConnectionError => "could not be connected to",
        HttpRequestError.SecureConnectionError => "could not be trusted (TLS)",
        HttpRequestError.ResponseEnded => "hung up without an answer",
        HttpRequestError.ConfigurationLimitExceeded => "sent headers that are too long",
        _ => "sent no valid HTTP answer",
    };

    private static X509ChainPolicy Trust(string caFile)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(caFile);
        return policy.CustomTrustStore.Count > 0
            ? policy
            : throw new InvalidDataException($"The file {caFile} of \"ca_file\" holds no certificate (PEM).");
    }
}
