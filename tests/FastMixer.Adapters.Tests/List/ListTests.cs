using System.Net;
using FastMixer.Adapters.List;
using FastMixer.Engine.Tests.Support;
using FastMixer.Protocol.Messages;

namespace FastMixer.Adapters.Tests.List;

/// <summary>What a <c>listchecker</c> says of values, for each type of entries.</summary>
public sealed class ListTests
{
    [Theory]
    [InlineData("STRINGS", "[jane, joe]", "jane", StatusCode.Ok)]
    [InlineData("STRINGS", "[jane, joe]", "Jane", StatusCode.PermissionDenied)]
    [InlineData("STRINGS", "[jane, joe]", "", StatusCode.PermissionDenied)]
    [InlineData("CASE_INSENSITIVE_STRINGS", "[Jane]", "jANE", StatusCode.Ok)]
    [InlineData("CASE_INSENSITIVE_STRINGS", "[Jane]", "joe", StatusCode.PermissionDenied)]
    [InlineData("REGEX", "['^j.n']", "janet", StatusCode.Ok)]
    [InlineData("REGEX", "['^j.n', 'x$']", "ajan", StatusCode.PermissionDenied)]
    public async Task Text_IsLookedUp(string type, string entries, string value, StatusCode status)
    {
        await using TestEngine engine = Start(type, entries, "source.user", "false");

        Answer answer = await engine.CheckAsync(attributes => attributes.Set("source.user", value));

        Assert.Equal((status, TimeSpan.FromSeconds(300), 10_000), (answer.Status, answer.ValidDuration, answer.ValidUseCount));
    }

    [Theory]
    [InlineData("[10.0.0.1]", "10.0.0.1", true)]
    [InlineData("[10.0.0.1]", "::ffff:10.0.0.1", true)]
    [InlineData("[10.0.0.1]", "10.0.0.2", false)]
    [InlineData("[10.1.0.0/16]", "10.1.255.255", true)]
    [InlineData("[10.1.0.0/16]", "10.2.0.0", false)]
    [InlineData("['2001:db8::1']", "2001:db8::1", true)]
    [InlineData("['2001:db8::1']", "2001:db8::2", false)]
    [InlineData("['2001:db8::/33']", "2001:db8:7fff::1", true)]
    [InlineData("['2001:db8::/33']", "2001:db8:8000::1", false)]
    [InlineData("[0.0.0.0/0]", "192.0.2.1", true)]
    [InlineData("[0.0.0.0/0]", "2001:db8::1", false)]
    public async Task Address_IsLookedUpInRanges(string entries, string address, bool listed)
    {
        await using TestEngine white = Start("IP_ADDRESSES", entries, "source.ip", "false");
        await using TestEngine black = Start("IP_ADDRESSES", entries, "source.ip", "true");

        Answer allowed = await white.CheckAsync(attributes => attributes.SetIpAddress("source.ip", IPAddress.Parse(address).GetAddressBytes()));
        Answer denied = await black.CheckAsync(attributes => attributes.SetIpAddress("source.ip", IPAddress.Parse(address).GetAddressBytes()));

        Assert.Equal(listed, allowed.Status == StatusCode.Ok);
        Assert.Equal(listed, denied.Status == StatusCode.PermissionDenied);
    }

    [Theory]
    [InlineData("IP_ADDRESSES", "[10.0.0.1]", "source.user", StatusCode.InvalidArgument)]
    [InlineData("STRINGS", "[a]", "request.size", StatusCode.InvalidArgument)]
    public async Task ValueThatCannotBeCompared_IsInvalid(string type, string entries, string value, StatusCode status)
    {
        await using TestEngine engine = Start(type, entries, value, "false");

        Answer answer = await engine.CheckAsync(attributes =>
        {
            attributes.Set("source.user", "no address");
            attributes.Set("request.size", 1L);
        });

        Assert.Equal(status, answer.Status);
    }

    private static TestEngine Start(string type, string entries, string value, string blacklist) => TestEngine.Start($$"""
        kind: handler
        metadata: {name: list}
        spec: {compiledAdapter: listchecker, params: {entry_type: {{type}}, overrides: {{entries}}, blacklist: {{blacklist}} } }
        ---
        kind: instance
        metadata: {name: entry}
        spec: {compiledTemplate: listentry, params: {value: {{value}} } }
        ---
        kind: rule
        metadata: {name: check}
        spec: {actions: [{handler: list, instances: [entry]}]}
        """, new ListAdapter());
}
