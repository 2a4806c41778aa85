using FastMixer.Client.Connections;
using FastMixer.Protocol.Addresses;
using FastMixer.Protocol.Attributes;
using Microsoft.Extensions.Time.Testing;

namespace FastMixer.Client.Tests;

/// <summary>What the tests of a client share. Time stands still unless a test moves it, so that no timeout depends on the machine.</summary>
public abstract class ClientTest
{
    /// <summary>A guard against hanging; nothing is expected to come near it.</summary>
    protected const int Guard = 60_000;

    protected FakeTimeProvider Clock { get; } = new();

    protected MixerConnection Connect(MixerAddress address, Func<MixerConnectionOptions, MixerConnectionOptions>? change = null)
    {
        var options = new MixerConnectionOptions { Server = address };
        return new MixerConnection(change is null ? options : change(options), Clock);
    }

    protected static AttributeWriter Attributes(string path = "/", int? padding = null)
    {
        var writer = new AttributeWriter();
        writer.Set("request.path", path);
        if (padding is { } bytes)
        {
            writer.Set("request.useragent", new string('x', bytes));
        }

        return writer;
    }
}
