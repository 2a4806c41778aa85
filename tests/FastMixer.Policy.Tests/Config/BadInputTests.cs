using CsCheck;
using FastMixer.Policy.Config;
using FastMixer.Policy.Tests.Support;

namespace FastMixer.Policy.Tests.Config;

/// <summary>Text that is no configuration, whatever it is: an error with its place, and nothing throws.</summary>
public sealed class BadInputTests
{
    private static readonly string[] Pieces =
        ["{", "}", "[", "]", "\"", "'", "|", ">", "&a", "*a", "- ", ": ", "\n", "\t", "#", "!", "?", "%", "...\n", "---\n", "\uFEFF", "\ud800", "\\U00110000"];

    private const string NoMetadata = "error: The field \"metadata\" is missing: every resource needs a name.";

    [Theory]
    [InlineData("a: &x [1, 2]\nb: *x", "p.yaml:1:4: error: Anchors and aliases are not allowed in a configuration; write the value out.")]
    [InlineData("&a [*a]", "p.yaml:1:1: error: Anchors and aliases are not allowed in a configuration; write the value out.")]
    [InlineData("kind: *none", "p.yaml:1:7: error: Anchors and aliases are not allowed in a configuration; write the value out.")]
    [InlineData("a: {<<: {kind: rule}}\nb: !!binary aGk=", "p.yaml:2:4: error: Tags are not allowed in a configuration: every field has its own type.")]
    [InlineData("kind: rule\nkind: rule", "p.yaml:1:1: " + NoMetadata + "\np.yaml:2:1: error: The field \"kind\" stands here a second time; it is already at line 1, column 1.")]
    [InlineData("kind: rule\nmetadata:\n\tname: x\n", "p.yaml:3:1: error: A tab cannot indent YAML; use spaces.")]
    [InlineData("kind: rule\nspec:\n  match: true\n\tactions: []\n", "p.yaml:4:1: error: A tab cannot indent YAML; use spaces.")]
    [InlineData("kind: rule\nspec:\n  actions:\n  \t- handler: x\n", "p.yaml:4:3: error: A tab cannot indent YAML; use spaces.")]
    [InlineData("kind: rule\nmetadata:\n  name: x\n   namespace: y\n", "p.yaml:4:13: error: No valid YAML: While scanning a plain scalar value, found invalid mapping. Is the line indented as its neighbours are?")]
    [InlineData("kind: rule\n metadata: {name: x}\n", "p.yaml:2:10: error: No valid YAML: While scanning a plain scalar value, found invalid mapping. Is the line indented as its neighbours are?")]
    [InlineData("kind: rule\nmetadata:\n  name: x\n namespace: y\n", "p.yaml:4:2: error: No valid YAML: While parsing a block mapping, did not find expected key. Is the line indented as its neighbours are?")]
    [InlineData("kind: [rule\n", "p.yaml:2:1: error: No valid YAML: While parsing a flow sequence, did not find expected ',' or ']'.")]
    [InlineData("kind: rule\nmetadata: {name: x\nspec: {}\n", "p.yaml:2:12: error: No valid YAML: The brackets, quotes or indentation behind this do not fit together.")]
    [InlineData("kind: \"rule\n", "p.yaml:1:7: error: No valid YAML: While scanning a quoted scalar, found unexpected end of stream.")]
    [InlineData("kind: @rule", "p.yaml:1:7: error: No valid YAML: While scanning for the next token, found character that cannot start any token. A value that begins with such a character needs quotes.")]
    [InlineData("kind: rule\0\nmetadata: {name: x}", "p.yaml:1:11: error: The character U+0000 cannot stand in a configuration.")]
    [InlineData("kind: rule\n# \u001b", "p.yaml:2:3: error: The character U+001B cannot stand in a configuration.")]
    [InlineData("{[a]: b}", "p.yaml:1:1: error: The field \"kind\" is missing.\np.yaml:1:1: " + NoMetadata + "\np.yaml:1:2: error: The name of a field must be a single value.")]
    public void Text_ThatIsNoConfiguration_IsAnErrorWithItsPlace(string text, string expected)
    {
        Assert.Equal(expected, Loaded.Problems(text));
        Assert.False(Loaded.Load(text).IsValid);
    }

    [Theory]
    [InlineData("{\"kind\": \"rule\" \"metadata\": 1}", "p.json:1:17: error: No valid YAML: While parsing a flow mapping, did not find expected ',' or '}'.")]
    [InlineData("{\"kind\": \"rule\", \"metadata\": {\"name\": \"x\"}}\n{\"kind\": \"rule\"}", "p.json:2:1: error: No valid YAML: Did not find expected <document end>. Between two documents there must be a line '---'.")]
    [InlineData("{\"kind\": \"rule\"", "p.json:1:16: error: No valid YAML: While parsing a flow mapping, did not find expected ',' or '}'.")]
    public void Json_ThatIsCutOffOrWrong_IsAnErrorWithItsPlace(string text, string expected) => Assert.Equal(expected, Loaded.Problems(text, "p.json"));

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("---")]
    [InlineData("---\n---\n...\n")]
    [InlineData("# nothing but a comment\n")]
    [InlineData("null")]
    [InlineData("\uFEFF")]
    public void File_WithoutAResource_IsWarnedOf(string text)
    {
        Assert.Equal("p.yaml: warning: The file holds no resource.", Loaded.Problems(text));
        LoadResult alone = ConfigLoader.Load([new ConfigSource("p.yaml", text)], Loaded.Adapters);
        Assert.Equal("p.yaml: error: No file holds a resource, so there is no policy.", string.Join('\n', alone.Problems.Where(problem => problem.Severity == Severity.Error)));
    }

    [Theory]
    [InlineData("[", 66)]
    [InlineData("{a: ", 258)]
    [InlineData("- ", 131)]
    public void Nesting_WithoutEnd_IsAnError(string level, int column) => Assert.Equal(
        $"p.yaml:1:{column}: error: Lists and mappings nest deeper than 64 levels.", Loaded.Problems(string.Concat(Enumerable.Repeat(level, 100_000))));

    [Fact]
    public void Bomb_OfAliases_IsRefusedAtItsFirstAnchor()
    {
        string bomb = "a0: &a0 [x, x]\n" + string.Concat(Enumerable.Range(1, 60).Select(i => $"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n"));
        Assert.Equal("p.yaml:1:5: error: Anchors and aliases are not allowed in a configuration; write the value out.", Loaded.Problems(bomb));
    }

    [Fact]
    public void Values_BeyondTheLimit_AreAnError()
    {
        string text = "a: [" + string.Concat(Enumerable.Repeat("1,", 1_000_001)) + "]";
        Assert.Equal("p.yaml:1:1999999: error: The file holds more than 1000000 values.", Loaded.Problems(text));
    }

    [Fact]
    public void Line_OfMegabytes_IsReadLikeAnyOther()
    {
        string text = Loaded.Rule("source.uid == '" + new string('x', 4_000_000) + "'");
        Assert.Equal("p.yaml:3:15: error: The expression has 4000016 characters; at most 16384 are allowed.", Loaded.Problems(text));
    }

    [Fact]
    public void Expression_OfTheGreatestLength_IsCompiled()
    {
        const int Limit = 16 * 1024;
        string longest = "source.name == `" + new string('x', Limit - 17) + "`";
        Assert.Equal(Limit, longest.Length);
        Assert.Empty(Loaded.Problems(Loaded.Rule($"'{longest}'")));
        Assert.Equal("p.yaml:3:16: error: The expression has 16385 characters; at most 16384 are allowed.", Loaded.Problems(Loaded.Rule($"'{longest}x'")));
    }

    [Fact]
    public void Text_CutAndMixedAnyHow_NeverThrows() =>
        Gen.Select(Gen.Int[0, Whole.Length], Gen.Int[0, Whole.Length], Gen.OneOf(Gen.OneOf(Pieces), Gen.String[Gen.Char, 0, 8]))
            .Sample(
                (from, to, inserted) =>
                {
                    string text = string.Concat(Whole.AsSpan(0, from), inserted, Whole.AsSpan(to));
                    LoadResult loaded = Loaded.Load(text);
                    Assert.All(loaded.Problems, problem => Assert.True(problem.Place.Line == 0 || problem.Place.Line <= text.Count(character => character == '\n') + 2, problem.ToString()));
                },
                iter: 5_000);

    private static string Whole { get; } = Loaded.Base.Replace("metadata: {name: ", "metadata:\n  namespace: shop\n  name: ", StringComparison.Ordinal).Replace("}\nspec", "\nspec", StringComparison.Ordinal)
        + "\n---\n" + Loaded.Rule("|\n    source.name == \"x\" &&\n      source.uid == 'y'\n ") + "\n---\n" + """{"kind": "attributemanifest", "metadata": {"name": "m"}, "spec": {"attributes": {"a.b": {"valueType": "STRING"}}}}""";
}
