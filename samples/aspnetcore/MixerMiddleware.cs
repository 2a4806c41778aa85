using System.Net;
using System.Net.Sockets;
using FastMixer.Client;
using FastMixer.Client.Attributes;
using FastMixer.Protocol.Messages;

namespace FastMixer.Samples.AspNetCore;

/// <summary>Asks about each request before it goes on, applies what the verdict says, and reports each that is finished.</summary>
/// <param name="next">What handles requests that may pass.</param>
/// <param name="client">Asks.</param>
/// <param name="clock">The clock.</param>
internal sealed class MixerMiddleware(RequestDelegate next, MixerClient client, TimeProvider clock)
{
    private const int MostAddressBytes = 16;

    private readonly AttributeKey _method = client.Key("request.method");
    private readonly AttributeKey _path = client.Key("request.path");
    private readonly AttributeKey _host = client.Key("request.host");
    private readonly AttributeKey _agent = client.Key("request.useragent");
    private readonly AttributeKey _time = client.Key("request.time");
    private readonly AttributeKey _source = client.Key("source.ip");
    private readonly AttributeKey _responseCode = client.Key("response.code");
    private readonly AttributeKey _duration = client.Key("response.duration");

    /// <summary>Handles a request.</summary>
    /// <param name="context">It.</param>
    public async Task InvokeAsync(HttpContext context)
    {
        long start = clock.GetTimestamp();
        using RequestAttributes request = client.Rent();
        Describe(context, request);
        CheckResult verdict = await client.CheckAsync(request, context.RequestAborted);
        try
        {
            await (verdict.IsAllowed ? PassAsync(context, verdict.Directive) : DenyAsync(context, verdict));
        }
        finally
        {
            request.Set(_responseCode, (long)context.Response.StatusCode);
            request.Set(_duration, clock.GetElapsedTime(start));
            client.Report(request);
        }
    }

    private void Describe(HttpContext context, RequestAttributes request)
    {
        request.Set(_method, context.Request.Method);
        request.Set(_path, context.Request.Path + context.Request.QueryString);
        request.Set(_host, context.Request.Host.Value ?? string.Empty);
        request.Set(_time, clock.GetUtcNow());
        if (context.Request.Headers.UserAgent is [{ } agent, ..])
        {
            request.Set(_agent, agent);
        }

        if (context.Connection.RemoteIpAddress is { } source)
        {
            Span<byte> bytes = stackalloc byte[MostAddressBytes];
            IPAddress plain = source is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: true } ? source.MapToIPv4() : source;
            plain.TryWriteBytes(bytes, out int length);
            request.SetIpAddress(_source, bytes[..length]);
        }
    }

    private Task PassAsync(HttpContext context, RouteDirective directive)
    {
        DirectedHeaders.Apply(context.Request, directive.RequestHeaders);
        if (directive.ResponseHeaders.Count > 0)
        {
            context.Response.OnStarting(() =>
            {
                DirectedHeaders.Apply(context.Response.Headers, directive.ResponseHeaders);
                return Task.CompletedTask;
            });
        }

        return next(context);
    }

    private static Task DenyAsync(HttpContext context, CheckResult verdict)
    {
        context.Response.StatusCode = verdict.HttpStatus;
        if (verdict.Directive.Response is { } response)
        {
            DirectedHeaders.Apply(context.Response.Headers, verdict.Directive.ResponseHeaders);
            return context.Response.WriteAsync(response.Body, context.RequestAborted);
        }

        return context.Response.WriteAsync(verdict.Message + "\n", context.RequestAborted);
    }
}
