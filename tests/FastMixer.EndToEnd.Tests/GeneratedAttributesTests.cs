using System.Text;
using FastMixer.Client.Connections;
using FastMixer.EndToEnd.Tests.Support;
using FastMixer.Engine.Reports.Accounting;
using FastMixer.Protocol.Addresses;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;

namespace FastMixer.EndToEnd.Tests;

/// <summary>What a policy adds to the records of a report belongs to each record alone.</summary>
public sealed class GeneratedAttributesTests
{
    private const string Policy = """
        kind: handler
        metadata: {name: pods}
        spec:
          compiledAdapter: kubernetestable
          params: {pods: [{name: web-1, namespace: shop, ip: 10.0.0.7, labels: {app: web}}]}
        ---
        kind: kubernetes
        metadata: {name: attributes}
        spec:
          source_ip: source.ip
          attribute_bindings:
            source.namespace: $out.source_namespace | "nowhere"
            source.labels: $out.source_labels | emptyStringMap()
        ---
        kind: rule
        metadata: {name: generate}
        spec: {actions: [{handler: pods, instances: [attributes.kubernetes]}]}
        ---
        kind: handler
        metadata: {name: log}
        spec: {compiledAdapter: stdio}
        ---
        kind: instance
        metadata: {name: entry}
        spec:
          compiledTemplate: logentry
          params: {variables: {namespace: source.namespace, app: 'source.labels["app"]'}}
        ---
        kind: rule
        metadata: {name: log}
        spec: {actions: [{handler: log, instances: [entry]}]}
        """;

    [Fact]
    public async Task Records_GetAttributesOfTheirOwn_AndOneThatCannotIsDropped()
    {
        TestServer server = TestServer.Start(Policy);
        await using (server)
        {
            await using MixerConnection client = server.Connect(Transport.Tcp);
            using AttributeWriter known = Record([10, 0, 0, 7], null);
            using AttributeWriter unknown = Record([10, 0, 0, 8], null);
            using AttributeWriter own = Record([10, 0, 0, 7], "bank");
            using AttributeWriter none = Record(null, null);

            Acknowledgement acknowledgement = await client.ReportAsync(new[] { known, unknown, own, none, known });
            await Eventually.TrueAsync(() => server.Engine.Counters.RecordsDelivered == 4);

            Assert.Equal(5, acknowledgement.Accepted);
            Assert.Equal(1, server.Engine.Counters.RecordsDropped(DropReason.EvaluationError));
            Assert.Equal(1, server.Engine.RuleErrors["generate.rule.istio-system"].Instance);
        }

        string[] lines = Encoding.UTF8.GetString(server.Output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            ["\"app\":\"web\",\"namespace\":\"shop\"", "\"app\":\"\",\"namespace\":\"nowhere\"", "\"app\":\"web\",\"namespace\":\"bank\"", "\"app\":\"web\",\"namespace\":\"shop\""],
            lines.Select(line => line[line.IndexOf("\"app\"", StringComparison.Ordinal)..^1]));
    }

    private static AttributeWriter Record(byte[]? ip, string? sourceNamespace)
    {
        var record = new AttributeWriter();
        if (ip is not null)
        {
            record.SetIpAddress("source.ip", ip);
        }

        if (sourceNamespace is not null)
        {
            record.Set("source.namespace", sourceNamespace);
        }

        return record;
    }
}
