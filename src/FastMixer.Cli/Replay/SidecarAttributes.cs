using FastMixer.Cli.Attributes;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Cli.Replay;

/// <summary>
/// The attributes that a sidecar would have sent for a line of a log. Those that the operator fixed replace what the log says; entries of
/// fixed headers are added. An instance belongs to one thread at a time.
/// </summary>
/// <param name="operatorsOwn">What the operator fixed for all requests.</param>
/// <param name="inherited">Whether the connection's base says them, so that they need not be repeated.</param>
internal sealed class SidecarAttributes(AttributeSet operatorsOwn, bool inherited)
{
    private const string Headers = "request.headers";

    private readonly Dictionary<string, string> _scratch = new(StringComparer.Ordinal);

    /// <summary>What a sidecar knows before the request is answered.</summary>
    /// <param name="entry">The request.</param>
    /// <param name="writer">Emptied first.</param>
    public void WriteCheck(AccessLogEntry entry, AttributeWriter writer)
    {
        writer.Clear();
        RequestLine request = entry.Request;
        if (entry.SourceAddress is not null && IsFree("source.ip"))
        {
            writer.SetIpAddress("source.ip", entry.SourceAddress);
        }

        Text(writer, "source.name", entry.SourceAddress is null && entry.Source != "-" ? entry.Source : null);
        Text(writer, "context.protocol", "http");
        Text(writer, "request.scheme", request.Scheme);
        Text(writer, "request.host", request.Host);
        Text(writer, "request.method", request.Method);
        Text(writer, "request.path", request.Path);
        Text(writer, "request.url_path", request.UrlPath);
        Text(writer, "request.useragent", entry.UserAgent);
        Text(writer, "request.referer", entry.Referer);
        Text(writer, "request.auth.principal", entry.User);
        if (IsFree("request.time"))
        {
            writer.SetTimestamp("request.time", entry.Time);
        }

        WriteQuery(request.Query, writer);
        WriteHeaders(entry, writer);
        WriteOperatorsOwn(writer);
    }

    /// <summary>What a sidecar knows once the request is answered.</summary>
    /// <param name="entry">The request.</param>
    /// <param name="writer">Emptied first.</param>
    public void WriteReport(AccessLogEntry entry, AttributeWriter writer)
    {
        WriteCheck(entry, writer);
        if (entry.Status is { } status && IsFree("response.code"))
        {
            writer.Set("response.code", status);
        }

        if (IsFree("response.size"))
        {
            writer.Set("response.size", entry.Size);
        }
    }

    private bool IsFree(string name) => !operatorsOwn.Contains(name);

    private void Text(AttributeWriter writer, string name, string? value)
    {
        if (value is not null && IsFree(name))
        {
            writer.Set(name, value);
        }
    }

    private void WriteQuery(string query, AttributeWriter writer)
    {
        if (query.Length == 0 || !IsFree("request.query_params"))
        {
            return;
        }

        QueryParameters.Read(query, _scratch);
        if (_scratch.Count > 0)
        {
            writer.Set("request.query_params", _scratch);
        }
    }

    private void WriteHeaders(AccessLogEntry entry, AttributeWriter writer)
    {
        AttributeValue? fixedHeaders = operatorsOwn.Values.GetValueOrDefault(Headers);
        if (fixedHeaders is AbsentValue)
        {
            return;
        }

        _scratch.Clear();
        AddHeader("user-agent", entry.UserAgent);
        AddHeader("referer", entry.Referer);
        AddHeader("host", entry.Request.Host);
        if (fixedHeaders is MapValue map)
        {
            foreach ((string key, string value) in map.Entries)
            {
                _scratch[key] = value;
            }
        }

        writer.Set(Headers, _scratch);
    }

    private void AddHeader(string name, string? value)
    {
        if (value is not null)
        {
            _scratch[name] = value;
        }
    }

    private void WriteOperatorsOwn(AttributeWriter writer)
    {
        if (inherited)
        {
            return;
        }

        foreach ((string name, AttributeValue value) in operatorsOwn.Values)
        {
            if (name != Headers && value is not AbsentValue)
            {
                value.WriteTo(writer, name);
            }
        }
    }
}
