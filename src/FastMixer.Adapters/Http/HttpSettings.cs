using FastMixer.Adapters.Backends;

namespace FastMixer.Adapters.Http;

/// <summary>How a webhook is asked.</summary>
internal enum WebhookMethod
{
    /// <summary>With the instance as JSON.</summary>
    Post,

    /// <summary>Without a body.</summary>
    Get,
}

/// <summary>An <c>http</c> handler's parameters.</summary>
/// <param name="Backend">The URL, and how it is asked.</param>
/// <param name="Method">The method.</param>
/// <param name="FieldHeaders">Fields that go into headers.</param>
/// <param name="Query">Fields that go into the query.</param>
/// <param name="Life">How long and how often an answer may be reused.</param>
/// <param name="PassedHeaders">The headers of a denial that the proxy's reply gets; null if the proxy writes its own reply.</param>
internal sealed record HttpSettings(
    HttpBackendSettings Backend,
    WebhookMethod Method,
    IReadOnlyList<FieldTarget> FieldHeaders,
    IReadOnlyList<FieldTarget> Query,
    LifeSettings Life,
    IReadOnlyList<string>? PassedHeaders);

/// <summary>A field and where its value goes.</summary>
/// <param name="Name">The name of the header or of the query's parameter.</param>
/// <param name="Field">The field, as the template names it; a value of a map behind one more dot.</param>
internal sealed record FieldTarget(string Name, string Field);

/// <summary>How long and how often an answer may be reused.</summary>
/// <param name="Otherwise">How long, where the answer does not say.</param>
/// <param name="Most">How long at most, whatever the answer says.</param>
/// <param name="UseCount">How often.</param>
internal sealed record LifeSettings(TimeSpan Otherwise, TimeSpan Most, int UseCount);
