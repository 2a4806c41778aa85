using FastMixer.Engine.Handlers;
using FastMixer.Policy.Config;

namespace FastMixer.Adapters.Tests;

/// <summary>Parameters of handlers that are wrong are told with their place, and those that published configurations have are taken.</summary>
public sealed class ParameterTests
{
    [Theory]
    [InlineData("denier", "{status: {code: PERMISSION_DENID}}", 23, "\"code\": expected a number from 0 to 16 or a name such as PERMISSION_DENIED, found 'PERMISSION_DENID'. Did you mean \"PERMISSION_DENIED\"?")]
    [InlineData("denier", "{status: {code: 17}}", 23, "\"code\": expected a number from 0 to 16 or a name such as PERMISSION_DENIED, found '17'.")]
    [InlineData("denier", "{status: {code: 7, details: []}}", 26, "Unknown field \"details\". Known here: code, message.")]
    [InlineData("denier", "{valid_use_count: -2}", 25, "\"valid_use_count\": expected a whole number from -1 to 2147483647, found '-2'.")]
    [InlineData("denier", "{valid_duration: 5}", 24, "\"valid_duration\": expected a duration such as 5s or 1h30m, found '5'.")]
    [InlineData("noop", "{x: 1}", 8, "Unknown field \"x\". No field is known here.")]
    [InlineData("stdio", "{severity_levels: [a]}", 25, "\"severity_levels\": expected a mapping, found a list.")]
    [InlineData("stdio", "{severity_levels: {warning: 3}}", 35, "\"warning\": expected INFO, WARNING or ERROR, found '3'.")]
    [InlineData("stdio", "{severity_levels: {warning: 'INFO,ERROR'}}", 35, "\"warning\": expected INFO, WARNING or ERROR, found 'INFO,ERROR'.")]
    [InlineData("stdio", "{output_level: WARN}", 22, "\"output_level\": expected one of INFO, WARNING, ERROR, found 'WARN'.")]
    public void Parameter_ThatIsWrong_IsAProblemAtItsPlace(string adapter, string parameters, int column, string message)
    {
        LoadResult loaded = Load($"kind: {adapter}\nmetadata: {{name: h}}\nspec: {parameters}");

        Assert.Equal($"p.yaml:3:{column}: error: {message}", Assert.Single(loaded.Problems, problem => problem.Severity == Severity.Error).ToString());
    }

    [Theory]
    [InlineData("denier", "{status: {code: 7, message: Not allowed}, validDuration: 5s, validUseCount: 1000}")]
    [InlineData("stdio", "{severity_levels: {warning: 1, error: ERROR}, outputAsJson: true}")]
    [InlineData("noop", "{}")]
    public void Parameter_AsPublished_IsTaken(string adapter, string parameters) => Assert.DoesNotContain(
        Load($"kind: handler\nmetadata: {{name: h}}\nspec: {{compiledAdapter: {adapter}, params: {parameters}}}").Problems, problem => problem.Severity == Severity.Error);

    private static LoadResult Load(string text) => ConfigLoader.Load([new ConfigSource("p.yaml", text)], new AdapterRegistry([.. BuiltInAdapters.All]).Catalog);
}
