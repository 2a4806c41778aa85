using FastMixer.Adapters.Backends;
using FastMixer.Engine.Handlers;
using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;

namespace FastMixer.Adapters.Opa;

/// <summary>Asks Open Policy Agent, by the data API of its REST interface, whether a request may pass.</summary>
public sealed class OpaAdapter : Adapter
{
    private static readonly TimeSpan DefaultCachingInterval = TimeSpan.FromSeconds(5);
    private const int DefaultCachingUseCount = 1000;

    /// <inheritdoc/>
    public override AdapterDescriptor Descriptor { get; } = new("opa", ["authorization"], ReadParameters) { HasBackend = true };

    /// <inheritdoc/>
    public override IHandler CreateHandler(HandlerDefinition definition, HandlerServices services) =>
        new OpaHandler((OpaSettings)definition.Parameters);

    private static OpaSettings ReadParameters(ParameterReader reader)
    {
        HttpBackendSettings backend = HttpBackendReader.Read(reader, "server_url");
        if (backend.Url.Query.Length > 0)
        {
            reader.Fail(reader.Field("server_url")!.Value.Place, "\"server_url\": expected a URL without a query (?).");
        }

        return new OpaSettings(
            backend with { Url = DocumentUrl(backend.Url, ReadPath(reader)) },
            reader.Choice("undefined", Undefined.Fail),
            reader.Duration("caching_interval", DefaultCachingInterval),
            reader.Int32("caching_use_count", DefaultCachingUseCount, -1, int.MaxValue));
    }

    // As in OPA's API: data.istio.authz.allow is istio/authz/allow.
    private static string[] ReadPath(ParameterReader reader)
    {
        if (reader.RequiredText("path") is not { } text)
        {
            return [];
        }

        string[] parts = text.Text.Split('/');
        if (!parts.Any(part => part.Length == 0 || part is "." or ".."))
        {
            return parts;
        }

        reader.Fail(text.Place, $"\"path\": expected the document's names, joined by slashes, such as istio/authz/allow, found {text.Describe()}.");
        return [];
    }

    private static Uri DocumentUrl(Uri server, string[] path) =>
        new($"{server.AbsoluteUri.TrimEnd('/')}/v1/data/{string.Join('/', path.Select(Uri.EscapeDataString))}");
}

/// <summary>What it means that OPA knows no such document, or that no rule defines it for the request.</summary>
internal enum Undefined
{
    /// <summary>The handler fails: it is as if OPA had not answered.</summary>
    Fail,

    /// <summary>The request is denied.</summary>
    Deny,
}

/// <summary>An <c>opa</c> handler's parameters.</summary>
/// <param name="Backend">The document's URL, and how it is asked for.</param>
/// <param name="Undefined">What an undefined document means.</param>
/// <param name="CachingInterval">How long a decision may be reused.</param>
/// <param name="CachingUseCount">How often a decision may be reused.</param>
internal sealed record OpaSettings(HttpBackendSettings Backend, Undefined Undefined, TimeSpan CachingInterval, int CachingUseCount);
