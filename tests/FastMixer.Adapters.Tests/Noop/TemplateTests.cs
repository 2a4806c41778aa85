using FastMixer.Adapters.Noop;
using FastMixer.Engine.Tests.Support;
using FastMixer.Protocol.Messages;

namespace FastMixer.Adapters.Tests.Noop;

/// <summary>A <c>noop</c> handler takes what every template has.</summary>
public sealed class TemplateTests
{
    [Fact]
    public async Task EveryTemplate_IsTaken()
    {
        string instances = string.Concat(Policy.Templates.Template.All.Select(template => $$"""
            ---
            kind: instance
            metadata: {name: {{template.Name}}}
            spec: {compiledTemplate: {{template.Name}}}

            """));
        await using TestEngine engine = TestEngine.Start(
            $$"""
            kind: handler
            metadata: {name: nothing}
            spec: {compiledAdapter: noop}
            {{instances}}
            ---
            kind: rule
            metadata: {name: all}
            spec: {actions: [{handler: nothing, instances: [{{string.Join(", ", Policy.Templates.Template.All.Select(template => template.Name))}}]}]}
            """,
            new NoopAdapter());

        Answer answer = await engine.CheckAsync(attributes => attributes.Set("source.user", "jane"), new QuotaRequest("quota", 7));

        // A verdict's duration has room for 49 days.
        Assert.Equal((null, StatusCode.Ok, 49, 1_000_000_000), (answer.Failure, answer.Status, (int)answer.ValidDuration.TotalDays, answer.ValidUseCount));
        Assert.Equal([7L], answer.Grants);
        Assert.Equal(1, engine.Report().Accepted);
        await EndToEnd.Tests.Support.Eventually.TrueAsync(() => engine.Engine.Counters.RecordsDelivered == 1);
    }
}
