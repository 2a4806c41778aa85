using System.Text;
using CsCheck;
using FastMixer.Caching.Keys;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;
using FastMixer.Protocol.Words;
using FastMixer.Testing;

namespace FastMixer.Caching.Tests.Keys;

/// <summary>Requests have the same key just if they agree in what a set looks up.</summary>
public sealed class ReferenceSetTests
{
    private static readonly string[] Everything =
    [
        "source.name", "request.size", "own.double", "connection.mtls", "request.time", "source.ip", "own.email", "own.uri", "own.dns", "response.duration",
        "request.headers", "source.labels[a]", "own.bytes",
    ];

    private static readonly byte[] V4 = [10, 0, 0, 1];
    private static readonly byte[] V4InV6 = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1];

    // Texts whose bytes could be taken for each other's where one ends and the next begins, and numbers that look alike in other types.
    private static readonly Gen<string> SomeText = Gen.OneOf("", "a", "aa", "\0", "\u0001", "a\0", "\0a", "GET", "é");
    private static readonly Gen<long> SomeNumber = Gen.OneOf(0L, 1L, -1L, 256L, 1_000_000_000L, long.MinValue);
    private static readonly Gen<double> SomeDouble = Gen.OneOf(0.0, -0.0, 1.0, double.NaN, BitConverter.Int64BitsToDouble(0x7ff8_0000_0000_0001));

    private static readonly Gen<Values> SomeValues = Gen.Select(
        Gen.Select(SomeText, SomeText, SomeText, SomeText, SomeText),
        Gen.Select(SomeNumber, SomeNumber, SomeNumber, SomeDouble, Gen.Bool),
        Gen.OneOf(V4, V4InV6),
        Gen.Dictionary(SomeText, SomeText)[0, 3],
        (texts, numbers, address, map) => new Values(
            texts.Item1, texts.Item2, texts.Item3, texts.Item4, texts.Item5, numbers.Item1, numbers.Item2, numbers.Item3, numbers.Item4, numbers.Item5, address, map));

    [Fact]
    public void Keys_OfAnyTwoRequests_AreSameJustIfValuesAre()
    {
        ReferenceSet set = Bags.Set(Everything);
        Gen.Select(SomeValues, SomeValues, Gen.Int[0, 12]).Sample((first, second, same) =>
        {
            // Alike but for one value, most of the time: that is where keys would meet.
            Values other = same == 12 ? second : first.WithOneOf(second, same);
            return set.Key(first.ToBag()).AsSpan().SequenceEqual(set.Key(other.ToBag())) == first.IsSameAs(other);
        });
    }

    [Fact]
    public void Key_OfWords_HasTheirTexts()
    {
        // What is a word of the protocol travels as its index.
        AttributeBag bag = Bags.Of(attributes =>
        {
            attributes.Set("request.method", "GET");
            attributes.Set("request.headers", new Dictionary<string, string> { ["user-agent"] = "POST" });
        });

        string key = Encoding.UTF8.GetString(Bags.Set("request.method", "request.headers[user-agent]").Key(bag)!);

        Assert.Contains("GET", key, StringComparison.Ordinal);
        Assert.Contains("POST", key, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_OfDifferentSets_Differ()
    {
        AttributeBag bag = Bags.Of(attributes => attributes.Set("source.name", "a"));

        Assert.NotEqual(Bags.Set("source.name").Key(bag), Bags.Set("source.name", "no source.uid").Key(bag));
    }

    [Theory]
    [InlineData("source.name", false)]
    [InlineData("no source.name", true)]
    [InlineData("no request.headers", false)]
    [InlineData("no request.headers[cookie]", true)]
    [InlineData("request.headers[cookie]", false)]
    [InlineData("request.headers[a]", true)]
    [InlineData("no request.headers[a]", false)]
    [InlineData("request.headers", true)]
    [InlineData("no source.labels", true)]
    [InlineData("no source.labels[a]", false)]
    [InlineData("source.uid", true)]
    [InlineData("no source.uid", false)]
    public void Key_WherePresenceOrAbsenceCounts_IsOnlyForRequestsThatHaveIt(string reference, bool agrees)
    {
        AttributeBag bag = Bags.Of(attributes =>
        {
            attributes.Set("source.uid", "");
            attributes.Set("request.headers", new Dictionary<string, string> { ["a"] = "" });
        });

        Assert.Equal(agrees, Bags.Set(reference).Key(bag) is not null);
    }

    [Fact]
    public void Key_OfALongValue_IsTooLongForItsRoom()
    {
        AttributeBag bag = Bags.Of(attributes => attributes.Set("source.name", new string('a', 100)));

        Assert.Equal(KeyResult.TooLong, Bags.Set("source.name").TryWriteKey(bag, new byte[50], out _));
    }

    [Fact]
    public void Key_AllocatesNothing()
    {
        ReferenceSet set = Bags.Set(Everything);
        AttributeBag bag = new Values("a", "b", "c", "d", "e", 1, 2, 3, 4, true, V4, new Dictionary<string, string> { ["a"] = "b" }).ToBag();
        var room = new byte[1024];

        AllocationAssert.Zero(1000, () => Assert.True(set.TryWriteKey(bag, room, out _) == KeyResult.Written));
    }

    [Theory]
    [InlineData(WordList.Version1Count)]
    [InlineData(1)]
    [InlineData(0)]
    public void References_AreWrittenForClientsOfAnyWordCount(int wordCount)
    {
        ReferenceSet set = Bags.Set("no request.headers[cookie]", "source.ip", "own.uri", "no source.name");
        var bytes = new byte[512];
        var writer = new WireWriter(bytes, framed: false);
        VerdictWriter.WriteStart(ref writer, 1, StatusCode.Ok, default, TimeSpan.Zero, 0, set.Count);
        set.WriteReferences(ref writer, wordCount);
        VerdictWriter.WriteQuotaCount(ref writer, 0);
        Assert.True(writer.TryComplete(out int length));

        var reader = new WireReader(bytes.AsSpan(0, length));
        Assert.True(MessageHeader.TryRead(ref reader, out MessageHeader header));
        Assert.True(Verdict.TryRead(ref reader, header, wordCount, out Verdict? verdict), reader.Fault.ToString());

        Assert.Equal(
            [new("own.uri", null, true), new("request.headers", "cookie", false), new("source.ip", null, true), new("source.name", null, false)],
            verdict!.Referenced.OrderBy(reference => reference.Name, StringComparer.Ordinal));
    }

    private sealed record Values(
        string Name, string Email, string Uri, string Dns, string Bytes, long Size, long Time, long Duration, double Double, bool Flag, byte[] Address, IReadOnlyDictionary<string, string> Map)
    {
        public Values WithOneOf(Values other, int which) => which switch
        {
            0 => this with { Name = other.Name },
            1 => this with { Email = other.Email },
            2 => this with { Uri = other.Uri },
            3 => this with { Dns = other.Dns },
            4 => this with { Bytes = other.Bytes },
            5 => this with { Size = other.Size },
            6 => this with { Time = other.Time },
            7 => this with { Duration = other.Duration },
            8 => this with { Double = other.Double },
            9 => this with { Flag = other.Flag },
            10 => this with { Address = other.Address },
            _ => this with { Map = other.Map },
        };

        // The order of a map's entries counts: another one is never wrong, only another key.
        public bool IsSameAs(Values other) =>
            (Name, Email, Uri, Dns, Bytes, Size, Time, Duration, Flag) == (other.Name, other.Email, other.Uri, other.Dns, other.Bytes, other.Size, other.Time, other.Duration, other.Flag)
            && BitConverter.DoubleToInt64Bits(Double) == BitConverter.DoubleToInt64Bits(other.Double)
            && Address.AsSpan().SequenceEqual(other.Address)
            && Map.SequenceEqual(other.Map);

        public AttributeBag ToBag() => Bags.Of(attributes =>
        {
            attributes.Set("source.name", Name);
            attributes.Set("own.email", Email);
            attributes.Set("own.uri", Uri);
            attributes.Set("own.dns", Dns);
            attributes.SetBytes("own.bytes", Encoding.UTF8.GetBytes(Bytes));
            attributes.Set("request.size", Size);
            attributes.SetTimestamp("request.time", Time);
            attributes.SetDuration("response.duration", Duration);
            attributes.Set("own.double", Double);
            attributes.Set("connection.mtls", Flag);
            attributes.SetIpAddress("source.ip", Address);
            attributes.Set("request.headers", [.. Map]);
            attributes.Set("source.labels", new Dictionary<string, string> { ["a"] = Name });
        });
    }
}
