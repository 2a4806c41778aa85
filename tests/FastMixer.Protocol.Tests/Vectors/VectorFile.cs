using System.Collections.Concurrent;
using System.Text.Json;

namespace FastMixer.Protocol.Tests.Vectors;

/// <summary>The files of spec/vectors, as their README describes them.</summary>
internal static class VectorFile
{
    private static readonly ConcurrentDictionary<string, JsonElement[]> Files = new(StringComparer.Ordinal);

    /// <summary>The names of all vectors of some files, for a theory; found again by <see cref="Find"/>.</summary>
    public static IEnumerable<(string File, string Name)> Names(Func<JsonElement, bool> wanted, params string[] files) =>
        from file in files
        from vector in Load(file)
        where wanted(vector)
        select (file, vector.Text("name"));

    public static JsonElement Find(string file, string name) => Load(file).Single(vector => vector.Text("name") == name);

    public static JsonElement[] Load(string file) => Files.GetOrAdd(file, static name =>
    {
        byte[] json = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", name + ".json"));
        using JsonDocument document = JsonDocument.Parse(json);
        Assert.Equal(1, document.RootElement.Number("version"));
        return [.. document.RootElement.GetProperty("vectors").EnumerateArray().Select(vector => vector.Clone())];
    });

    /// <summary>The bytes of a vector, also of one in pieces.</summary>
    public static byte[] Body(this JsonElement vector) => vector.TryGetProperty("hex", out JsonElement hex)
        ? Convert.FromHexString(hex.GetString()!)
        : [.. vector.GetProperty("pieces").EnumerateArray().SelectMany(Piece)];

    public static bool IsCanonical(this JsonElement vector) => vector.GetProperty("canonical").GetBoolean();

    public static JsonElement Meaning(this JsonElement vector) => vector.GetProperty("meaning");

    public static string Text(this JsonElement element, string property) => element.GetProperty(property).GetString()!;

    public static long Number(this JsonElement element, string property) => element.GetProperty(property).GetInt64();

    public static uint Id(this JsonElement element) => element.GetProperty("id").GetUInt32();

    /// <summary>A 64-bit number, which the vectors write as a string.</summary>
    public static long Long(this JsonElement element, string property) =>
        long.Parse(element.Text(property), System.Globalization.CultureInfo.InvariantCulture);

    private static IEnumerable<byte> Piece(JsonElement piece) => piece.ValueKind == JsonValueKind.String
        ? Convert.FromHexString(piece.GetString()!)
        : Enumerable.Repeat(Convert.FromHexString(piece.Text("repeat")), (int)piece.Number("times")).SelectMany(bytes => bytes);
}
