using FastMixer.Policy.Config;
using FastMixer.Policy.Tests.Support;

namespace FastMixer.Policy.Tests.Config;

/// <summary>A problem inside an expression is told where it stands in the file, however the file writes the expression.</summary>
public sealed class PlaceTests
{
    private const string Wrong = "sorce.uid";
    private const string Message = "error: Unknown attribute \"sorce.uid\". Did you mean \"source.uid\"?";

    [Theory]
    [InlineData("source.name == \"x\" && sorce.uid == \"y\"")]
    [InlineData("source.name == \"x\"\n    && sorce.uid\n    == \"y\"")]
    [InlineData("'source.name == ''x'' && sorce.uid == ''y'''")]
    [InlineData("'source.name == ''''&&\n\n    sorce.uid == \"y\"'")]
    [InlineData("\"source.name == \\\"x\\\" && sorce.uid == 'y'\"")]
    [InlineData("\"source.name == 'x'\\t&&\\n sorce.uid == 'y'\"")]
    [InlineData("\"source.name == '\\U0001F600' && sorce.uid == 'y'\"")]
    [InlineData("\"source.name == '\\u00e9' &&\\x20sorce.uid == 'y'\"")]
    [InlineData("\"source.name == 'x' &&\\\n    \\ sorce.uid == 'y'\"")]
    [InlineData("\"\\x73ource.name == 'x' && sorce.uid == 'y'\"")]
    [InlineData("\"source.name == '\\\\\\\\' && sorce.uid == 'y'\"")]
    [InlineData("|\n    source.name == \"x\" &&\n      sorce.uid == \"y\"")]
    [InlineData("|-\n    source.name == \"😀é\" && sorce.uid == \"y\"\n")]
    [InlineData("|+ # with a comment\n\n    source.name == \"x\" &&\n\n    sorce.uid == \"y\"\n\n")]
    [InlineData("|2\n      source.name == \"x\" && sorce.uid == \"y\"")]
    [InlineData(">\n    source.name == \"x\"\n    && sorce.uid\n    == \"y\"")]
    [InlineData(">-\n    source.name == \"x\" &&\n\n      sorce.uid == \"y\"")]
    public void Problem_InAnExpression_IsToldWhereItStands(string match)
    {
        string text = $"kind: rule\nmetadata: {{name: r}}\nspec:\n  match: {match}\n  actions: [{{handler: sink, instances: [nothing]}}]\n";
        Assert.Equal($"{PlaceOf(text)}: {Message}", Loaded.Problems(text));
        string windows = text.Replace("\n", "\r\n", StringComparison.Ordinal);
        Assert.Equal($"{PlaceOf(windows)}: {Message}", Loaded.Problems(windows));
        Assert.Equal($"{PlaceOf(text)}: {Message}", Loaded.Problems("\uFEFF" + text));
    }

    [Fact]
    public void Problem_InAFlowMapping_IsToldWhereItStands()
    {
        string text = Loaded.Rule("'source.name == \"x\" && sorce.uid == \"y\"'");
        Assert.Equal($"{PlaceOf(text)}: {Message}", Loaded.Problems(text));
    }

    [Fact]
    public void Problem_InJson_IsToldWhereItStands()
    {
        const string Text = """
            {
              "apiVersion": "config.istio.io\/v1alpha2",
              "kind": "rule",
              "metadata": {"name": "r"},
              "spec": {
                "match": "source.name == \"\/\u00e9\" &&\n sorce.uid == \"y\"",
                "actions": [{"handler": "sink", "instances": ["nothing"]}]
              }
            }
            """;
        Assert.Equal($"{PlaceOf(Text) with { File = "p.json" }}: {Message}", Loaded.Problems(Text, "p.json"));
    }

    [Theory]
    [InlineData("source.name ==", 29)]
    [InlineData("'source.name =='", 30)]
    [InlineData("\"source.name ==\"", 30)]
    public void Problem_AtTheEndOfAnExpression_IsToldBehindIt(string match, int column) => Assert.Equal(
        $"p.yaml:3:{column}: error: Expected a value, found the end of the expression.", Loaded.Problems(Loaded.Rule(match)));

    [Fact]
    public void Problem_InALaterDocument_IsToldWhereItStands()
    {
        string text = "# first\n---\n" + Loaded.Rule("true").Replace("tested", "other", StringComparison.Ordinal) + "\n---\n\n" + Loaded.Rule("sorce.uid == 'x'");
        Assert.Equal($"{PlaceOf(text)}: {Message}", Loaded.Problems(text));
    }

    private static Place PlaceOf(string text)
    {
        int at = text.IndexOf(Wrong, StringComparison.Ordinal);
        return new Place("p.yaml", text[..at].Count(character => character == '\n') + 1, at - text.LastIndexOf('\n', at));
    }
}
