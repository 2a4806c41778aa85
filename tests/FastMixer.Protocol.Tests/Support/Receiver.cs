using System.Buffers;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using FastMixer.Protocol.Words;

namespace FastMixer.Protocol.Tests.Support;

/// <summary>Reads messages as a server does, with the vocabulary and limits that the vectors assume.</summary>
internal sealed class Receiver : IDisposable
{
    private readonly ProtocolLimits _limits;
    private readonly bool _padded;
    private readonly int _wordCount;
    private readonly AttributeSelection _selection;

    public Receiver(
        ProtocolLimits? limits = null, bool padded = false, AttributeSelection? selection = null, int wordCount = WordList.Version1Count)
    {
        _limits = limits ?? ProtocolLimits.Default;
        _padded = padded;
        _wordCount = wordCount;
        _selection = selection ?? AllSelected;
        Check = new CheckRequest(_selection);
        BaseAttributes = new AttributeBag(_selection);
    }

    /// <summary>The standard vocabulary, and the attributes that the README of the vectors declares.</summary>
    public static Vocabulary Vocabulary { get; } = Vocabulary.Standard.With(
    [
        new("custom.bytes", AttributeType.Bytes), new("custom.double", AttributeType.Double), new("custom.uri", AttributeType.Uri),
    ]);

    public static AttributeSelection AllSelected { get; } = AttributeSelection.All(Vocabulary);

    /// <summary>The last check; its bag also holds the last report.</summary>
    public CheckRequest Check { get; }

    public AttributeBag Bag => Check.Attributes;

    /// <summary>The base attributes of the last hello.</summary>
    public AttributeBag BaseAttributes { get; }

    public ProtocolFault Fault { get; private set; }

    /// <summary>Reads a message that follows a good hello.</summary>
    public Outcome Receive(ReadOnlyMemory<byte> body) => Receive(new ReadOnlySequence<byte>(body), isFirst: false);

    public Outcome ReceiveFirst(ReadOnlyMemory<byte> body) => Receive(new ReadOnlySequence<byte>(body), isFirst: true);

    public Outcome Receive(in ReadOnlySequence<byte> body, bool isFirst)
    {
        Fault = default;
        AttributeBag bag = isFirst ? BaseAttributes : Bag;
        bag.Reset(_selection, isFirst ? null : BaseAttributes);
        WireReader reader = bag.Load(body);
        ErrorCode code = Read(ref reader, bag, isFirst, out uint id);
        bool isFatal = code.IsFatal() || (isFirst && code != ErrorCode.None);
        return new Outcome(code, isFatal, id);
    }

    public void Dispose()
    {
        Check.Dispose();
        BaseAttributes.Dispose();
    }

    private ErrorCode Read(ref WireReader reader, AttributeBag bag, bool isFirst, out uint id)
    {
        bool read = MessageHeader.TryRead(ref reader, out MessageHeader header);
        id = header.Id;
        if (!read)
        {
            return Failed(reader);
        }

        if (header.Kind is not (MessageKind.Hello or MessageKind.Check or MessageKind.Report or MessageKind.Ping or MessageKind.Pong))
        {
            return ErrorCode.UnknownKind;
        }

        if (isFirst != (header.Kind == MessageKind.Hello))
        {
            return ErrorCode.UnexpectedHello;
        }

        switch (header.Kind)
        {
            case MessageKind.Hello:
                read = Hello.TryRead(ref reader, header, bag, _limits, _padded, out Hello hello);
                return !read ? Failed(reader) : hello.IsVersionSupported ? ErrorCode.None : ErrorCode.UnsupportedVersion;
            case MessageKind.Check:
                WireReader ahead = reader;
                TimeSpan peeked = CheckRequest.PeekPatience(ref ahead, header);
                read = Check.TryRead(ref reader, header, _limits, _wordCount, _padded);
                Assert.True(!read || peeked == Check.Patience, "what is peeked at is what is read");
                break;
            case MessageKind.Report:
                read = ReportReader.TryStart(ref reader, header, _limits, _wordCount, _padded, out ReportReader report)
                    && report.TryReadAll(ref reader, bag);
                break;
            default:
                read = header.TryReadEnd(ref reader, known: 0, _padded);
                break;
        }

        return read ? ErrorCode.None : Failed(reader);
    }

    private ErrorCode Failed(in WireReader reader)
    {
        Fault = reader.Fault;
        Assert.NotEqual(ErrorCode.None, Fault.Code);
        return Fault.Code;
    }
}
