using System.Text;
using FastMixer.Engine.Handlers;
using FastMixer.Protocol.Messages;

namespace FastMixer.Engine.Tests.Handlers;

public sealed class DirectHttpResponseTests
{
    [Theory]
    [InlineData("location", "/login, or so=not", "Replace location: /login, or so=not")]
    [InlineData("Set-Cookie", "a=b", "Append Set-Cookie: a=b")]
    [InlineData("set-cookie", "a=b; Path=/, c=d ,e=f", "Append set-cookie: a=b; Path=/|Append set-cookie: c=d|Append set-cookie: e=f")]
    [InlineData(
        "set-cookie",
        "a=b; Expires=Wed, 21 Oct 2015 07:28:00 GMT; Secure, c=d",
        "Append set-cookie: a=b; Expires=Wed, 21 Oct 2015 07:28:00 GMT; Secure|Append set-cookie: c=d")]
    [InlineData("set-cookie", "a=b,", "Append set-cookie: a=b,")]
    [InlineData("set-cookie", "", "Append set-cookie: ")]
    public void Headers_ReplaceButForCookies_OfWhichEachIsOneMore(string name, string value, string expected)
    {
        var response = new DirectHttpResponse(302, "", [KeyValuePair.Create(name, value)]);

        string[] headers = new string[response.Headers.Length];
        for (int i = 0; i < headers.Length; i++)
        {
            DirectHttpResponse.Header header = response.Headers[i];
            headers[i] = $"{header.Kind} {Encoding.UTF8.GetString(header.Utf8Name.Span)}: {Encoding.UTF8.GetString(header.Utf8Value.Span)}";
        }

        Assert.Equal(expected.Split('|'), headers);
        Assert.Equal(headers.Length, DirectHttpResponse.CountHeaders(name, value));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(100)]
    [InlineData(199)]
    [InlineData(600)]
    public void HttpStatusThatNoReplyHas_IsRefused(int status) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new DirectHttpResponse(status, "", []));

    [Theory]
    [InlineData("x y", "a")]
    [InlineData("", "a")]
    [InlineData(":path", "/")]
    [InlineData("x", "a\r\nset-cookie: admin=1")]
    [InlineData("x", "a\0")]
    public void WhatIsNoHeader_IsRefused(string name, string value) =>
        Assert.Throws<ArgumentException>(() => new DirectHttpResponse(403, "", [KeyValuePair.Create(name, value)]));

    [Fact]
    public void WhatADirectiveCannotHold_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new DirectHttpResponse(403, new string('b', DirectResponse.MaxBodyBytes + 1), []));
        Assert.Throws<ArgumentException>(() => new DirectHttpResponse(403, "", Enumerable.Range(0, 65).Select(i => KeyValuePair.Create($"x-{i}", "a"))));
        Assert.Equal(64, new DirectHttpResponse(403, new string('b', DirectResponse.MaxBodyBytes), Enumerable.Range(0, 64).Select(i => KeyValuePair.Create($"x-{i}", "a"))).Headers.Length);
    }
}
