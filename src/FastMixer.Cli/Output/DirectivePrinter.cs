using System.Globalization;
using System.Text;
using System.Text.Json;
using FastMixer.Protocol.Messages;

namespace FastMixer.Cli.Output;

/// <summary>Prints what a verdict asks of the proxy.</summary>
internal static class DirectivePrinter
{
    private const int MostBodyCharacters = 80;

    /// <summary>For people: labels, and the lines beside each; none for a directive that says nothing.</summary>
    /// <param name="directive">The directive.</param>
    public static IEnumerable<(string Label, IEnumerable<string> Values)> Lines(RouteDirective directive)
    {
        if (directive.Response is { } response)
        {
            yield return ("reply", [Reply(response)]);
        }

        yield return ("request", directive.RequestHeaders.Select(Operation));
        yield return (directive.Response is null ? "response" : "headers", directive.ResponseHeaders.Select(Operation));
    }

    /// <summary>For programs: the property <c>directive</c>.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="directive">The directive.</param>
    public static void WriteJson(Utf8JsonWriter json, RouteDirective directive)
    {
        json.WriteStartObject("directive");
        if (directive.Response is { } response)
        {
            json.WriteStartObject("directResponse");
            json.WriteNumber("code", response.HttpStatus);
            json.WriteString("body", response.Body);
            json.WriteEndObject();
        }

        WriteOperations(json, "requestHeaderOperations", directive.RequestHeaders);
        WriteOperations(json, "responseHeaderOperations", directive.ResponseHeaders);
        json.WriteEndObject();
    }

    private static string Reply(DirectResponse response)
    {
        string code = response.HttpStatus.ToString(CultureInfo.InvariantCulture);
        return response.Body.Length == 0
            ? code
            : $"{code}, {Encoding.UTF8.GetByteCount(response.Body)} bytes: {Printable.Cut(response.Body, MostBodyCharacters)}";
    }

    private static string Operation(HeaderOperation operation) => operation.Kind == HeaderOperationKind.Remove
        ? $"{Name(operation.Kind)} {operation.Name}"
        : $"{Name(operation.Kind)} {operation.Name}: {Printable.Line(operation.Value)}";

    private static void WriteOperations(Utf8JsonWriter json, string name, IReadOnlyList<HeaderOperation> operations)
    {
        json.WriteStartArray(name);
        foreach (HeaderOperation operation in operations)
        {
            json.WriteStartObject();
            json.WriteString("operation", Name(operation.Kind));
            json.WriteString("name", operation.Name);
            if (operation.Kind != HeaderOperationKind.Remove)
            {
                json.WriteString("value", operation.Value);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Name(HeaderOperationKind kind) => kind switch
    {
        HeaderOperationKind.Replace => "REPLACE",
        HeaderOperationKind.Remove => "REMOVE",
        _ => "APPEND",
    };
}
