using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;

namespace FastMixer.Protocol.Tests.Wire;

/// <summary>Numbers that travel or are kept by others, and so never change.</summary>
public sealed class PinnedNumberTests
{
    [Fact]
    public void MessageKind_Numbers_AreThoseOfSection3() => AssertNumbers<MessageKind>(
        "None=0 Hello=1 Welcome=2 Check=3 Verdict=4 Report=5 Acknowledgement=6 Ping=7 Pong=8 GoingAway=9 Error=10 PolicyChanged=11");

    [Fact]
    public void HelloFeatures_Numbers_AreThoseOfSection3() => AssertNumbers<HelloFeatures>("None=0 PolicyChanges=1");

    [Fact]
    public void ErrorCode_Numbers_AreThoseOfSection6() => AssertNumbers<ErrorCode>(
        "None=0 Malformed=1 FrameTooLarge=2 UnknownKind=3 UnexpectedHello=4 UnsupportedVersion=5 UnknownWord=6 WrongType=7 "
        + "DuplicateAttribute=8 InvalidUtf8=9 LimitExceeded=10 Overloaded=11 Internal=12 AnswerTooLarge=13 Timeout=14 "
        + "TooManyConnections=15 DeadlineExceeded=16");

    [Fact]
    public void StatusCode_Numbers_AreThoseOfGoogleRpc() => AssertNumbers<StatusCode>(
        "Ok=0 Cancelled=1 Unknown=2 InvalidArgument=3 DeadlineExceeded=4 NotFound=5 AlreadyExists=6 PermissionDenied=7 "
        + "ResourceExhausted=8 FailedPrecondition=9 Aborted=10 OutOfRange=11 Unimplemented=12 Internal=13 Unavailable=14 DataLoss=15 "
        + "Unauthenticated=16");

    [Fact]
    public void AttributeType_Numbers_AreThoseOfIstioAndBytes() => AssertNumbers<AttributeType>(
        "Unspecified=0 String=1 Int64=2 Double=3 Bool=4 Timestamp=5 IpAddress=6 EmailAddress=7 Uri=8 DnsName=9 Duration=10 "
        + "StringMap=11 Bytes=12");

    [Fact]
    public void ReferenceFlags_Numbers_AreThoseOfSection3() => AssertNumbers<ReferenceFlags>("None=0 Exact=1 HasKey=2");

    [Fact]
    public void HeaderOperationKind_Numbers_AreThoseOfSection3() => AssertNumbers<HeaderOperationKind>("Replace=0 Remove=1 Append=2");

    [Fact]
    public void ToHttpStatus_EachCode_IsAsSection3Says()
    {
        Assert.Equal(
            [200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401],
            Enum.GetValues<StatusCode>().Select(code => code.ToHttpStatus()));
        Assert.Equal(500, ((StatusCode)99).ToHttpStatus());
    }

    [Fact]
    public void IsFatal_EachCode_IsAsSection6Says()
    {
        ErrorCode[] fatal = [.. Enum.GetValues<ErrorCode>().Where(code => code.IsFatal())];
        Assert.Equal([1, 2, 3, 4, 5, 14, 15], fatal.Select(code => (int)code));
        Assert.False(((ErrorCode)200).IsFatal());
    }

    [Fact]
    public void Name_EachErrorCode_IsItsNameInKebabCase()
    {
        Assert.Equal("invalid-utf8", ErrorCode.InvalidUtf8.Name());
        Assert.Equal("too-many-connections", ErrorCode.TooManyConnections.Name());
        Assert.Equal("unknown", ((ErrorCode)200).Name());
        Assert.Equal(17, Enum.GetValues<ErrorCode>().Select(code => code.Name()).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Name_EachStatusCode_ParsesBack()
    {
        Assert.All(Enum.GetValues<StatusCode>(), code =>
        {
            Assert.True(StatusCodes.TryParse(code.Name(), out StatusCode parsed));
            Assert.Equal(code, parsed);
        });
        Assert.Equal("PERMISSION_DENIED", StatusCode.PermissionDenied.Name());
        Assert.Equal("CODE_99", ((StatusCode)99).Name());
        Assert.False(StatusCodes.TryParse("permission_denied", out _));
    }

    [Fact]
    public void Name_EachAttributeType_ParsesBack()
    {
        Assert.Equal(12, AttributeTypes.AllNames.Count);
        Assert.All(Enum.GetValues<AttributeType>().Skip(1), type =>
        {
            Assert.True(AttributeTypes.TryParse(type.Name(), out AttributeType parsed));
            Assert.Equal(type, parsed);
        });
        Assert.False(AttributeTypes.TryParse(AttributeType.Unspecified.Name(), out _));
        Assert.False(AttributeTypes.TryParse("string", out _));
    }

    private static void AssertNumbers<T>(string expected)
        where T : struct, Enum =>
        Assert.Equal(expected, string.Join(' ', Enum.GetValues<T>().Select(value => $"{value}={value:D}")));
}
