using FastMixer.Client.Attributes;
using FastMixer.Client.Cache;
using FastMixer.Client.Fleet;
using FastMixer.Client.Quotas;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;
using Microsoft.Extensions.Time.Testing;

namespace FastMixer.Client.Tests.Cache;

/// <summary>The checks of a client over a fleet that is not there, with a clock that the test moves.</summary>
public abstract class ChecksTest : IDisposable
{
    private readonly Lazy<Checks> _checks;

    protected ChecksTest()
    {
        Space = new AttributeSpace(Options);
        Fleet = new FakeFleet();
        _checks = new Lazy<Checks>(() => new Checks(Options, Space, Fleet, new NoQuotas(), Clock));
    }

    internal FakeTimeProvider Clock { get; } = new();

    internal MixerClientOptions Options { get; set; } = new() { Servers = new FleetOptions { Addresses = ["tcp://unused:1"] } };

    internal AttributeSpace Space { get; }

    internal FakeFleet Fleet { get; }

    internal Checks Checks => _checks.Value;

    internal static ReferencedAttribute Path { get; } = new("request.path", null, Present: true);

    internal RequestAttributes Request(string path, string? user = null)
    {
        RequestAttributes request = Space.Rent(prepared: null);
        request.Set("request.path", path);
        if (user is not null)
        {
            request.Set("source.user", user);
        }

        return request;
    }

    internal async Task<CheckResult> CheckAsync(string path, string? user = null)
    {
        using RequestAttributes request = Request(path, user);
        return await Checks.CheckAsync(request, TestContext.Current.CancellationToken);
    }

    internal static string Text(AttributeBag bag, string name) =>
        Vocabulary.Standard.TryGetSlot(name, out int slot) && bag.TryGetBytes(slot, out ReadOnlySpan<byte> utf8)
            ? System.Text.Encoding.UTF8.GetString(utf8)
            : string.Empty;

    public void Dispose()
    {
        Checks.Dispose();
        GC.SuppressFinalize(this);
    }

    private sealed class NoQuotas : IQuotas
    {
        public bool TryTake(AttributeBag bag, IReadOnlyList<QuotaRequest> quotas, out IReadOnlyList<QuotaGrant> grants)
        {
            grants = [];
            return false;
        }

        public void Learn(AttributeBag bag, IReadOnlyList<QuotaRequest> quotas, Verdict verdict)
        {
        }
    }
}
