using System.Globalization;
using System.Text;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;

namespace FastMixer.Benchmarks.Reports;

/// <summary>
/// What a mesh reports: messages of 100 records, each of fifteen attributes of which five differ from the record before; and a policy that makes four
/// metrics of twenty dimensions of each record, with 1,000 distinct series, and one counter without dimensions.
/// </summary>
internal static class MeshReport
{
    /// <summary>Records of a message.</summary>
    public const int Records = 100;

    private const int Workloads = 200;
    private const int Codes = 5;

    private static readonly string[] Dimensions =
    [
        "source_name: source.name", "source_namespace: source.namespace", "source_workload: source.workload.name",
        "source_workload_namespace: source.workload.namespace", "source_principal: source.principal", "source_app: source.labels[\"app\"]",
        "source_version: source.labels[\"version\"]", "destination_name: destination.name", "destination_namespace: destination.namespace",
        "destination_workload: destination.workload.name", "destination_workload_namespace: destination.workload.namespace",
        "destination_principal: destination.principal", "destination_app: destination.labels[\"app\"]",
        "destination_version: destination.labels[\"version\"]", "destination_service: destination.service.host",
        "destination_service_name: destination.service.name", "destination_service_namespace: destination.service.namespace",
        "reporter: context.reporter.kind", "request_protocol: api.protocol | context.protocol",
    ];

    /// <summary>The policy.</summary>
    public static string Policy { get; } = MakePolicy();

    /// <summary>Messages that together have all series.</summary>
    public static byte[][] Messages { get; } = [.. Enumerable.Range(0, Workloads * Codes / Records).Select(MakeMessage)];

    private static string MakePolicy()
    {
        var text = new StringBuilder("""
            kind: handler
            metadata: {name: meter}
            spec: {compiledAdapter: meter}

            """);
        (string Name, string Value)[] metrics =
            [("count", "1"), ("duration", "response.duration | \"0ms\""), ("requestsize", "request.size | 0"), ("responsesize", "response.size | 0")];
        foreach ((string name, string value) in metrics)
        {
            text.Append(CultureInfo.InvariantCulture, $"---\nkind: metric\nmetadata: {{name: {name}}}\nspec:\n  value: '{value}'\n  dimensions:\n");
            foreach (string dimension in Dimensions)
            {
                text.Append(CultureInfo.InvariantCulture, $"    {dimension} | \"unknown\"\n");
            }

            text.Append("    response_code: response.code | 200\n");
        }

        return text.Append("""
            ---
            kind: metric
            metadata: {name: all}
            spec: {value: "1"}
            ---
            kind: rule
            metadata: {name: http}
            spec:
              match: (context.protocol | "") == "http" || (context.protocol | "") == "grpc"
              actions:
              - {handler: meter, instances: [count.metric, duration.metric, requestsize.metric, responsesize.metric, all.metric]}
            """).ToString();
    }

    private static byte[] MakeMessage(int number)
    {
        AttributeWriter[] records = [.. Enumerable.Range(number * Records, Records).Select(MakeRecord)];
        var bytes = new byte[256 * 1024];
        var writer = new WireWriter(bytes, framed: false);
        ReportWriter.Write(ref writer, 1, records);
        Array.ForEach(records, record => record.Dispose());
        return writer.TryComplete(out int length) ? bytes[..length] : throw new InvalidOperationException("The report outgrew its room.");
    }

    private static AttributeWriter MakeRecord(int number)
    {
        var record = new AttributeWriter();

        // The five that differ.
        record.Set("source.workload.name", string.Create(CultureInfo.InvariantCulture, $"checkout-v{number % Workloads}"));
        record.Set("response.code", (long)(200 + (number / Workloads % Codes * 100)));
        record.SetDuration("response.duration", 1_000_000L + (number * 7_919L));
        record.Set("request.size", 100L + (number % 1_000));
        record.Set("response.size", 1_000L + (number % 10_000));

        record.Set("source.name", "checkout-6b7f8d9c5-x2x7p");
        record.Set("source.namespace", "shop");
        record.Set("source.principal", "cluster.local/ns/shop/sa/checkout");
        record.Set("destination.name", "catalogue-5f6d7c8b9-9kq2m");
        record.Set("destination.namespace", "shop");
        record.Set("destination.workload.name", "catalogue-v2");
        record.Set("destination.service.host", "catalogue.shop.svc.cluster.local");
        record.Set("destination.service.name", "catalogue");
        record.Set("context.protocol", "http");
        record.Set("context.reporter.kind", "inbound");
        return record;
    }
}
