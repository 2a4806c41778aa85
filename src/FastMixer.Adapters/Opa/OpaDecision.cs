using System.Text.Json;
using FastMixer.Adapters.Backends;
using FastMixer.Adapters.Values;

namespace FastMixer.Adapters.Opa;

/// <summary>What an answer of OPA's data API says.</summary>
/// <param name="Allow">Whether the request may pass; null if the document is undefined.</param>
/// <param name="Message">Why not, or empty.</param>
internal readonly record struct OpaDecision(bool? Allow, string Message)
{
    /// <summary>Reads an answer: <c>result</c> is a boolean, or an object with the boolean <c>allow</c> and perhaps the text <c>message</c>.</summary>
    /// <param name="utf8">The answer's body.</param>
    /// <exception cref="BackendException">It is no such answer.</exception>
    public static OpaDecision Read(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var json = new Utf8JsonReader(utf8);
            OpaDecision decision = ReadAnswer(ref json);
            return json.Read() ? throw Unknown() : decision;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Also text that is no Unicode: it is found when it is taken out.
            throw new BackendException("OPA did not answer with JSON", exception);
        }
    }

    private static OpaDecision ReadAnswer(ref Utf8JsonReader json)
    {
        OpaDecision? result = null;
        Expect(ref json, JsonTokenType.StartObject);
        while (NextName(ref json))
        {
            if (json.ValueTextEquals("result"u8))
            {
                result = result is null ? ReadResult(ref json) : throw Unknown();
            }
            else
            {
                Pass(ref json);
            }
        }

        return result ?? default;
    }

    private static OpaDecision ReadResult(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType switch
        {
            JsonTokenType.True or JsonTokenType.False => new OpaDecision(json.GetBoolean(), ""),
            JsonTokenType.StartObject => ReadObject(ref json),
            _ => throw Unknown(),
        };
    }

    private static OpaDecision ReadObject(ref Utf8JsonReader json)
    {
        bool? allow = null;
        string message = "";
        while (NextName(ref json))
        {
            if (json.ValueTextEquals("allow"u8))
            {
                json.Read();
                allow = allow is null && json.TokenType is (JsonTokenType.True or JsonTokenType.False) ? json.GetBoolean() : throw Unknown();
            }
            else if (json.ValueTextEquals("message"u8))
            {
                json.Read();
                message = json.TokenType == JsonTokenType.String ? DenialText.Clean(json.GetString()!) : throw Unknown();
            }
            else
            {
                Pass(ref json);
            }
        }

        return new OpaDecision(allow ?? throw Unknown(), message);
    }

    private static bool NextName(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType == JsonTokenType.PropertyName;
    }

    private static void Pass(ref Utf8JsonReader json)
    {
        json.Read();
        json.Skip();
    }

    private static void Expect(ref Utf8JsonReader json, JsonTokenType type)
    {
        json.Read();
        if (json.TokenType != type)
        {
            throw Unknown();
        }
    }

    private static BackendException Unknown() =>
        new("OPA answered with neither a boolean result nor an object with the boolean \"allow\"");
}
