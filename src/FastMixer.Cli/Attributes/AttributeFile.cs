using System.Text.Json;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Cli.Attributes;

/// <summary>Reads files of attributes: a JSON object from names to values, or an array of them for the records of a report.</summary>
internal static class AttributeFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="findings">Takes what is wrong with its attributes.</param>
    /// <returns>One set for each object.</returns>
    /// <exception cref="InputException">It cannot be read, or is no JSON of that shape.</exception>
    public static IReadOnlyList<AttributeSet> Read(string path, Findings findings)
    {
        try
        {
            return Parse(path, File.ReadAllBytes(path), findings);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: the attribute file cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Reads the content of a file.</summary>
    /// <param name="path">The file's name, for messages.</param>
    /// <param name="json">Its content, UTF-8.</param>
    /// <param name="findings">Takes what is wrong with its attributes.</param>
    /// <returns>One set for each object.</returns>
    /// <exception cref="InputException">It is no JSON of that shape.</exception>
    public static IReadOnlyList<AttributeSet> Parse(string path, ReadOnlyMemory<byte> json, Findings findings)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(WithoutMark(json), AttributeJson.Strict);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Array)
            {
                return [ReadObject(path, root, findings)];
            }

            var records = new List<AttributeSet>();
            foreach (JsonElement element in root.EnumerateArray())
            {
                records.Add(ReadObject($"{path}: record {records.Count + 1}", element, findings));
            }

            return records;
        }
        catch (JsonException exception)
        {
            // The reader counts lines and bytes from 0; its message repeats both behind the path.
            string problem = exception.Message.Split(" LineNumber:", 2)[0];
            string place = exception.LineNumber is { } line ? $"{path}:{line + 1}:{exception.BytePositionInLine + 1}" : path;
            throw new InputException($"{place}: not JSON: {problem}", exception);
        }
        catch (InvalidOperationException exception)
        {
            // The reader's way to say that an escape such as \ud800 stands for half a character.
            throw new InputException($"{path}: a string is not Unicode: {exception.Message}", exception);
        }
    }

    private static AttributeSet ReadObject(string place, JsonElement json, Findings findings)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new InputException(
                $$"""{{place}}: expected an object such as {"request.method": "GET"}, found {{AttributeJson.Found(json)}}""");
        }

        var attributes = new AttributeSet();
        foreach (JsonProperty property in json.EnumerateObject())
        {
            if (!AttributeName.TryParse(property.Name, findings.Vocabulary, out AttributeName name, out string? problem))
            {
                findings.AddProblem($"{place}: \"{property.Name}\": {problem}");
                continue;
            }

            AttributeType type = name.Type ?? AttributeJson.NaturalType(property.Value);
            if (!AttributeJson.TryRead(type, property.Value, out AttributeValue value, out string expected))
            {
                findings.AddProblem(
                    $"{place}: {AttributeText.Problem(name.Name, type, expected, AttributeJson.Found(property.Value))}");
                continue;
            }

            attributes.Set(name.Name, value);
            if (name.Type is null)
            {
                findings.AddWarning(name.UnknownWarning(type, findings.Vocabulary));
            }
        }

        return attributes;
    }

    private static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> json) =>
        json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json;
}
