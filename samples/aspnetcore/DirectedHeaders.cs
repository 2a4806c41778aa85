using FastMixer.Protocol.Messages;

namespace FastMixer.Samples.AspNetCore;

/// <summary>Changes headers as a verdict says (protocol.md, section 3, directive).</summary>
internal static class DirectedHeaders
{
    /// <summary>Changes a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="operations">The changes, in their order.</param>
    public static void Apply(HttpRequest request, IReadOnlyList<HeaderOperation> operations)
    {
        foreach (HeaderOperation operation in operations)
        {
            switch (operation.Name)
            {
                case ":method":
                    request.Method = operation.Value;
                    break;
                case ":scheme":
                    request.Scheme = operation.Value;
                    break;
                case ":authority":
                    request.Host = new HostString(operation.Value);
                    break;
                case ":path":
                    int query = operation.Value.IndexOf('?', StringComparison.Ordinal);
                    request.Path = PathString.FromUriComponent(query < 0 ? operation.Value : operation.Value[..query]);
                    request.QueryString = query < 0 ? QueryString.Empty : new QueryString(operation.Value[query..]);
                    break;
                default:
                    Apply(request.Headers, operation);
                    break;
            }
        }
    }

    /// <summary>Changes headers.</summary>
    /// <param name="headers">The headers.</param>
    /// <param name="operations">The changes, in their order.</param>
    public static void Apply(IHeaderDictionary headers, IReadOnlyList<HeaderOperation> operations)
    {
        foreach (HeaderOperation operation in operations)
        {
            Apply(headers, operation);
        }
    }

    private static void Apply(IHeaderDictionary headers, HeaderOperation operation)
    {
        // Framing is the server's own business.
        if (operation.Name.ToLowerInvariant() is "connection" or "content-length" or "transfer-encoding")
        {
            return;
        }

        switch (operation.Kind)
        {
            case HeaderOperationKind.Replace:
                headers[operation.Name] = operation.Value;
                break;
            case HeaderOperationKind.Append:
                headers.Append(operation.Name, operation.Value);
                break;
            default:
                headers.Remove(operation.Name);
                break;
        }
    }
}
