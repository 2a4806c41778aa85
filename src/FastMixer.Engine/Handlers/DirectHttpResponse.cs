using System.Text;
using System.Text.RegularExpressions;
using FastMixer.Protocol.Messages;

namespace FastMixer.Engine.Handlers;

/// <summary>What a proxy replies to a request that a handler denies. Immutable; made when a handler is built, so that denying allocates nothing.</summary>
public sealed partial class DirectHttpResponse
{
    private readonly Header[] _headers;

    /// <summary>A response.</summary>
    /// <param name="httpStatus">Its HTTP status, 200 … 599; 0 for that of the denial's status (<see cref="StatusCodes.ToHttpStatus"/>).</param>
    /// <param name="body">Its content, of at most <see cref="DirectResponse.MaxBodyBytes"/> in UTF-8.</param>
    /// <param name="headers">
    /// Its headers: names and values as <see cref="HeaderSyntax"/> allows, at most <see cref="RouteDirective.MaxOperations"/>. A <c>set-cookie</c> may hold
    /// several cookies, separated by commas.
    /// </param>
    /// <exception cref="ArgumentException">One of them is not so.</exception>
    public DirectHttpResponse(int httpStatus, string body, IEnumerable<KeyValuePair<string, string>> headers)
    {
        if (httpStatus != 0 && httpStatus is < DirectResponse.MinHttpStatus or > DirectResponse.MaxHttpStatus)
        {
            throw new ArgumentOutOfRangeException(nameof(httpStatus), httpStatus, "An HTTP status is 200 to 599, or 0 for that of the denial.");
        }

        HttpStatus = httpStatus;
        Utf8Body = Encoding.UTF8.GetBytes(body);
        _headers = [.. headers.SelectMany(header => Header.Of(header.Key, header.Value))];
        if (Utf8Body.Length > DirectResponse.MaxBodyBytes || _headers.Length > RouteDirective.MaxOperations)
        {
            throw new ArgumentException($"A direct response has at most {DirectResponse.MaxBodyBytes} bytes and {RouteDirective.MaxOperations} headers.");
        }
    }

    /// <summary>A response of parts that were valid in another.</summary>
    internal DirectHttpResponse(int httpStatus, ReadOnlyMemory<byte> utf8Body, Header[] headers)
    {
        HttpStatus = httpStatus;
        Utf8Body = utf8Body;
        _headers = headers;
    }

    /// <summary>Its HTTP status; 0 for that of the denial's status.</summary>
    public int HttpStatus { get; }

    /// <summary>Its content, UTF-8.</summary>
    public ReadOnlyMemory<byte> Utf8Body { get; }

    /// <summary>Its headers, as operations on a response without any.</summary>
    internal ReadOnlySpan<Header> Headers => _headers;

    /// <summary>How many headers come of a name and a value: several where cookies share one.</summary>
    /// <param name="name">The header's name.</param>
    /// <param name="value">Its value.</param>
    public static int CountHeaders(string name, string value) => IsCookie(name) ? CookieEnd().Count(value) + 1 : 1;

    private static bool IsCookie(string name) => name.Equals("set-cookie", StringComparison.OrdinalIgnoreCase);

    // A comma ends a cookie where the name of the next follows; the date of an expiry holds one too.
    [GeneratedRegex(@",\s*(?=[^\s=;,]+=)", RegexOptions.CultureInvariant)]
    private static partial Regex CookieEnd();

    /// <summary>One header.</summary>
    /// <param name="Kind">How it joins those before it.</param>
    /// <param name="Utf8Name">Its name, UTF-8.</param>
    /// <param name="Utf8Value">Its value, UTF-8.</param>
    internal readonly record struct Header(HeaderOperationKind Kind, ReadOnlyMemory<byte> Utf8Name, ReadOnlyMemory<byte> Utf8Value)
    {
        /// <summary>The headers that come of a name and a value.</summary>
        public static IEnumerable<Header> Of(string name, string value) => IsCookie(name)
            ? CookieEnd().Split(value).Select(cookie => Create(HeaderOperationKind.Append, name, cookie.Trim(' ')))
            : [Create(HeaderOperationKind.Replace, name, value)];

        private static Header Create(HeaderOperationKind kind, string name, string value)
        {
            byte[] utf8Name = Encoding.UTF8.GetBytes(name);
            byte[] utf8Value = Encoding.UTF8.GetBytes(value);
            return HeaderSyntax.IsName(utf8Name) && HeaderSyntax.IsValue(utf8Value)
                ? new Header(kind, utf8Name, utf8Value)
                : throw new ArgumentException($"\"{name}: {value}\" is no header.", nameof(name));
        }
    }
}
