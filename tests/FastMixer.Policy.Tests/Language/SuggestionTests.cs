using FastMixer.Policy.Language.Compilation;

namespace FastMixer.Policy.Tests.Language;

/// <summary>A name is suggested where it is likely, and only there.</summary>
public sealed class SuggestionTests
{
    private static readonly string[] Known = ["OK", "rule", "handler", "source.namespace", "source.name", "destination.service.namespace"];

    [Theory]
    [InlineData("rul", "rule")]
    [InlineData("RULE", "rule")]
    [InlineData("hndler", "handler")]
    [InlineData("source.nmespace", "source.namespace")]
    [InlineData("source.nam", "source.name")]
    [InlineData("destination.servce.namespase", "destination.service.namespace")]
    [InlineData("0K", "OK")]
    public void NameThatIsClose_IsSuggested(string found, string meant) => Assert.Equal($" Did you mean \"{meant}\"?", Suggestion.For(found, Known));

    [Theory]
    [InlineData("17")]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("hammer")]
    [InlineData("source.port")]
    public void NameThatIsNot_IsNot(string found) => Assert.Equal("", Suggestion.For(found, Known));
}
