using FastMixer.Policy.Language.Compilation;
using FastMixer.Policy.Language.Evaluation;
using FastMixer.Policy.Language.References;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using FastMixer.Protocol.Words;

namespace FastMixer.Benchmarks.Expressions;

/// <summary>
/// The expression that the techniques are compared by, and the requests they evaluate it for. All look up the same slots of the same bag, and note
/// the same references in the same recorder.
/// </summary>
#pragma warning disable CA2000 // The requests live as long as the benchmark.
internal sealed class SampleExpression
{
    public const string Text = """source.namespace == "default" && request.headers["cookie"].startsWith("user=") || source.ip == ip("10.0.0.1")""";

    public SampleExpression()
    {
        References = new ReferenceTable(Vocabulary.Standard);
        Compiled = new Compiler(References).Compile(Text).Bool;
        NamespaceSlot = Slot("source.namespace");
        HeadersSlot = Slot("request.headers");
        IpSlot = Slot("source.ip");
        NamespaceReference = References.Add(NamespaceSlot);
        HeadersReference = References.Add(HeadersSlot);
        CookieReference = References.Add(HeadersSlot, "cookie");
        IpReference = References.Add(IpSlot);
    }

    /// <summary>The product's form.</summary>
    public Node<bool> Compiled { get; }

    public ReferenceTable References { get; }

    public int NamespaceSlot { get; }

    public int HeadersSlot { get; }

    public int IpSlot { get; }

    public int NamespaceReference { get; }

    public int HeadersReference { get; }

    public int CookieReference { get; }

    public int IpReference { get; }

    /// <summary>Requests for which the left side holds, ends early, lacks the key or the map, and for which only the address holds, or is absent.</summary>
    public IReadOnlyList<EvaluationContext> Requests() =>
    [
        Request("default", "user=jane", [10, 0, 0, 9]), Request("other", "user=jane", [10, 0, 0, 1]), Request("default", "session=1", [10, 0, 0, 1]),
        Request("default", null, [10, 0, 0, 9]), Request(null, "user=jane", [10, 0, 0, 1]), Request("other", null, null),
    ];

    private static int Slot(string name) =>
        Vocabulary.Standard.TryGetSlot(name, out int slot) ? slot : throw new InvalidOperationException($"{name} is unknown.");

    private EvaluationContext Request(string? sourceNamespace, string? cookie, byte[]? ip)
    {
        using var attributes = new AttributeWriter();
        if (sourceNamespace is not null)
        {
            attributes.Set("source.namespace", sourceNamespace);
        }

        if (ip is not null)
        {
            attributes.SetIpAddress("source.ip", ip);
        }

        var headers = new Dictionary<string, string> { [":method"] = "GET", [":path"] = "/reviews/0", ["user-agent"] = "Mozilla/5.0 (X11; Linux x86_64)" };
        if (cookie is not null)
        {
            headers["cookie"] = cookie;
        }

        attributes.Set("request.headers", headers);
        var context = new EvaluationContext();
        context.Reset(Decode(attributes), References);
        return context;
    }

    private static AttributeBag Decode(AttributeWriter attributes)
    {
        var bytes = new byte[1024];
        var writer = new WireWriter(bytes, framed: false);
        CheckRequest.Write(ref writer, 1, attributes, [], default);
        writer.TryComplete(out int length);
        var request = new CheckRequest(AttributeSelection.All(Vocabulary.Standard));
        WireReader reader = request.Attributes.Load(bytes.AsSpan(0, length));
        return MessageHeader.TryRead(ref reader, out MessageHeader header)
            && request.TryRead(ref reader, header, ProtocolLimits.Default, WordList.Version1Count, padded: false)
            ? request.Attributes
            : throw new InvalidOperationException(reader.Fault.ToString());
    }
}
