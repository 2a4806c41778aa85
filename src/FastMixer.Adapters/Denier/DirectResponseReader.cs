using System.Text;
using FastMixer.Adapters.Values;
using FastMixer.Engine.Handlers;
using FastMixer.Policy.Config;
using FastMixer.Protocol.Messages;

namespace FastMixer.Adapters.Denier;

/// <summary>Reads the parameter <c>direct_response</c>: what the proxy replies to a denied request.</summary>
internal static class DirectResponseReader
{
    /// <summary>Reads it.</summary>
    /// <param name="parameters">The handler's parameters.</param>
    /// <param name="status">The status that the handler answers with.</param>
    /// <returns>The response, or null if there is none, or none that is right.</returns>
    public static DirectHttpResponse? Read(ParameterReader parameters, StatusCode status)
    {
        if (parameters.Field("direct_response") is not { } field || parameters.Object("direct_response") is not { } reader)
        {
            return null;
        }

        int? code = ReadCode(reader);
        string? body = ReadBody(reader);
        IReadOnlyList<KeyValuePair<string, string>>? headers = ReadHeaders(reader);
        reader.End();
        if (status == StatusCode.Ok)
        {
            reader.Fail(field.Place, "\"direct_response\": only a denial has one, and the status is OK.");
            return null;
        }

        return code is null || body is null || headers is null ? null : new DirectHttpResponse(code.Value, body, headers);
    }

    private static int? ReadCode(ParameterReader reader)
    {
        int code = reader.Int32("code", 0, 0, DirectResponse.MaxHttpStatus);
        if (code is 0 or >= DirectResponse.MinHttpStatus)
        {
            return code;
        }

        reader.Fail(
            reader.Field("code")!.Value.Place,
            $"\"code\": expected an HTTP status from {DirectResponse.MinHttpStatus} to {DirectResponse.MaxHttpStatus}, or 0 for that of the status, found '{code}'.");
        return null;
    }

    private static string? ReadBody(ParameterReader reader)
    {
        string body = reader.Text("body");
        int length = Encoding.UTF8.GetByteCount(body);
        if (length <= DirectResponse.MaxBodyBytes)
        {
            return body;
        }

        reader.Fail(reader.Field("body")!.Value.Place, $"\"body\": at most {DirectResponse.MaxBodyBytes} bytes are allowed, found {length}.");
        return null;
    }

    private static List<KeyValuePair<string, string>>? ReadHeaders(ParameterReader reader)
    {
        var headers = new List<KeyValuePair<string, string>>();
        bool right = true;
        foreach (ConfigField field in reader.Map("headers"))
        {
            if (HeaderReader.IsName(reader, field) && HeaderReader.TryReadValue(reader, field, asciiOnly: false, out string value))
            {
                headers.Add(KeyValuePair.Create(field.Name, value));
            }
            else
            {
                right = false;
            }
        }

        int count = headers.Sum(header => DirectHttpResponse.CountHeaders(header.Key, header.Value));
        if (count > RouteDirective.MaxOperations)
        {
            reader.Fail(reader.Field("headers")!.Place, $"\"headers\": at most {RouteDirective.MaxOperations} are allowed, each cookie being one, found {count}.");
            return null;
        }

        return right ? headers : null;
    }
}
