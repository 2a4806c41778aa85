using CsCheck;
using FastMixer.Adapters.List;
using FastMixer.Protocol.Attributes;
using FastMixer.Testing;

namespace FastMixer.Adapters.Tests.List;

/// <summary>Lists of IP ranges against a scan of all of them, at the borders where they differ most easily.</summary>
public sealed class IpRangeTests
{
    // Few bits differ, so that ranges touch, overlap and hold each other.
    private static readonly Gen<UInt128> Address = Gen.OneOf(
        Gen.UInt[0, 1023].Select(low => ((UInt128)0xffff << 32) | 0x0a000000u | low),
        Gen.UInt[0, 1023].Select(low => ((UInt128)0x20010db8 << 96) | low),
        Gen.Const(UInt128.Zero),
        Gen.Const(UInt128.MaxValue));

    private static readonly Gen<IpRange> Range = Gen.Select(
        Address, Gen.OneOf(Gen.Int[0, 128], Gen.Int[118, 128]), (address, bits) =>
        {
            UInt128 rest = bits == 0 ? UInt128.MaxValue : (UInt128.One << (128 - bits)) - 1;
            return new IpRange(address & ~rest, address | rest);
        });

    [Fact]
    public void List_SaysWhatAScanSays() => Gen.Select(Range.Array[0, 40], Address.Array[1, 40]).Sample((ranges, addresses) =>
    {
        var list = new IpRangeList(ranges);
        IEnumerable<UInt128> borders = ranges.SelectMany(range => new[] { range.First, range.Last, range.First - 1, range.Last + 1 });
        return addresses.Concat(borders).All(address => Contains(list, address) == ranges.Any(range => address >= range.First && address <= range.Last));
    });

    [Theory]
    [InlineData("10.0.0.1", "::ffff:10.0.0.1", "::ffff:10.0.0.1")]
    [InlineData("10.1.2.3/8", "::ffff:10.0.0.0", "::ffff:10.255.255.255")]
    [InlineData("0.0.0.0/0", "::ffff:0.0.0.0", "::ffff:255.255.255.255")]
    [InlineData("::/0", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("::ffff:10.0.0.0/104", "::ffff:10.0.0.0", "::ffff:10.255.255.255")]
    public void Text_IsARange(string text, string first, string last)
    {
        Assert.True(IpRange.TryParse(text, out IpRange range));
        Assert.Equal((System.Net.IPAddress.Parse(first), System.Net.IPAddress.Parse(last)), (ToAddress(range.First), ToAddress(range.Last)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("10.1")]
    [InlineData("010.0.0.1")]
    [InlineData("10.0.0.1/33")]
    [InlineData("10.0.0.1/-1")]
    [InlineData("10.0.0.1/+8")]
    [InlineData("10.0.0.1/8/8")]
    [InlineData("10.0.0.1/")]
    [InlineData("fe80::1%eth0")]
    [InlineData("::/129")]
    public void OtherText_IsNone(string text) => Assert.False(IpRange.TryParse(text, out _));

    [Fact]
    public void LongList_IsSearchedInFewSteps_WithoutAllocation()
    {
        string[] entries = [.. Enumerable.Range(0, 100_000).Select(i => $"10.{i >> 11 & 255}.{i >> 3 & 255}.{(i & 7) * 32}/28")];
        IEntryList list = EntryLists.Create(EntryType.IpAddresses, entries, (index, problem) => Assert.Fail($"{entries[index]} {problem}"));
        byte[] inside = [10, 3, 7, 33];
        byte[] outside = [10, 3, 7, 48];

        Assert.Equal(100_000, list.Count);
        AllocationAssert.Zero(10_000, () =>
        {
            Assert.True(list.TryContains(inside, AttributeType.IpAddress, out bool found) && found);
            Assert.True(list.TryContains(outside, AttributeType.IpAddress, out found) && !found);
            Assert.True(list.TryContains("10.3.7.33"u8, AttributeType.String, out found) && found);
        });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void LongListOfTexts_IsAskedWithoutAllocation(bool ignoresCase)
    {
        EntryType entryType = ignoresCase ? EntryType.CaseInsensitiveStrings : EntryType.Strings;
        string[] entries = [.. Enumerable.Range(0, 100_000).Select(i => $"User-{i}"), "ÄÖ-User"];
        IEntryList list = EntryLists.Create(entryType, entries, (index, problem) => Assert.Fail($"{entries[index]} {problem}"));

        AllocationAssert.Zero(10_000, () =>
        {
            Assert.True(list.TryContains("User-77777"u8, AttributeType.String, out bool found) && found);
            Assert.True(list.TryContains("uSER-77777"u8, AttributeType.String, out found) && found == ignoresCase);
            Assert.True(list.TryContains("ÄÖ-uSER"u8, AttributeType.String, out found) && found == ignoresCase);
            Assert.True(list.TryContains("äö-uSER"u8, AttributeType.String, out found) && !found);
        });
        Assert.True(list.TryContains(System.Text.Encoding.UTF8.GetBytes(new string('u', 10_000)), AttributeType.String, out bool any) && !any);
    }

    private static bool Contains(IpRangeList list, UInt128 address)
    {
        var bytes = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, address);
        return list.TryContains(bytes, AttributeType.IpAddress, out bool found) && found;
    }

    private static System.Net.IPAddress ToAddress(UInt128 number)
    {
        var bytes = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new System.Net.IPAddress(bytes);
    }
}
