using System.Text.Json;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Tests.Support;

/// <summary>An example of spec/language.md.</summary>
/// <param name="Line">Its line there, from 1.</param>
/// <param name="Given">The attributes, a JSON object.</param>
/// <param name="Declared">Attributes beyond the standard ones: name and type.</param>
/// <param name="Expression">What is evaluated.</param>
/// <param name="Result">What it comes to: <c>value : TYPE</c>, <c>error: …</c>, or <c>column n: …</c>.</param>
/// <param name="References">The look-ups, joined by commas; empty if there are none.</param>
public sealed record SpecificationExample(int Line, string Given, string Declared, string Expression, string Result, string References)
{
    public override string ToString() => $"{Line}: {Expression}";
}

/// <summary>
/// Reads the blocks <c>```examples</c> of spec/language.md, in the form that its section "How to read the examples" describes. Whatever does not
/// have that form ends the reading.
/// </summary>
internal static class SpecificationExamples
{
    private static readonly string[] OtherBlocks = ["```ebnf"];

    public static IReadOnlyList<SpecificationExample> Read(string path)
    {
        var examples = new List<SpecificationExample>();
        (string? block, string given, string declared) = (null, "{}", "{}");
        string[] lines = File.ReadAllLines(path);
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim();
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                Assert.True(block is null ? line == "```examples" || OtherBlocks.Contains(line) : line == "```", $"{path}:{i + 1}: '{line}' opens or ends no known block.");
                (block, given, declared) = (block is null ? line : null, "{}", "{}");
            }
            else if (block == "```examples" && line.Length > 0)
            {
                ReadLine(path, i + 1, line, examples, ref given, ref declared);
            }
        }

        Assert.True(block is null, $"{path}: the last block has no end.");
        return examples;
    }

    public static Evaluated Evaluate(SpecificationExample example)
    {
        var attributes = new Attributes(Vocabulary.Standard.With([.. Declared(example.Declared)]));
        foreach (JsonProperty attribute in Object(example.Given))
        {
            attributes.Parse(attribute.Name, attribute.Value.GetRawText());
        }

        return Evaluated.Of(example.Expression, attributes.ToBag());
    }

    private static void ReadLine(string path, int number, string line, List<SpecificationExample> examples, ref string given, ref string declared)
    {
        if (line.StartsWith("given ", StringComparison.Ordinal))
        {
            given = line["given ".Length..];
            return;
        }

        if (line.StartsWith("declared ", StringComparison.Ordinal))
        {
            declared = line["declared ".Length..];
            return;
        }

        string[] sides = line.Split(" → ");
        Assert.True(sides.Length == 2, $"{path}:{number}: expected 'expression → result', found '{line}'.");
        string[] parts = sides[1].Split(" ← ");
        Assert.True(parts.Length <= 2, $"{path}:{number}: '←' stands twice.");
        examples.Add(new SpecificationExample(number, given, declared, sides[0].Trim(), parts[0].Trim(), parts.Length == 2 ? parts[1].Trim() : ""));
    }

    private static IEnumerable<AttributeDefinition> Declared(string json)
    {
        foreach (JsonProperty attribute in Object(json))
        {
            Assert.True(AttributeTypes.TryParse(attribute.Value.GetString()!, out AttributeType type), attribute.ToString());
            yield return new AttributeDefinition(attribute.Name, type);
        }
    }

    private static JsonElement.ObjectEnumerator Object(string json) => JsonDocument.Parse(json).RootElement.EnumerateObject();
}
