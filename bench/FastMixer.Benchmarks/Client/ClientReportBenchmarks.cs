using BenchmarkDotNet.Attributes;
using FastMixer.Client;
using FastMixer.Client.Attributes;
using FastMixer.Client.Fleet;
using FastMixer.Client.Reports;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastMixer.Benchmarks.Client;

/// <summary>
/// What a report costs the thread that has served the request: a record of twelve attributes, nine prepared and three set, is copied into the buffer. Beside it: that with the three being set. The
/// worker that makes deltas runs on another core meanwhile, and servers acknowledge at once.
/// </summary>
[MemoryDiagnoser]
public class ClientReportBenchmarks
{
    private static readonly string[] PreparedNames =
    [
        "source.namespace", "source.name", "source.principal", "destination.service.name", "destination.service.host", "destination.service.namespace",
        "request.host", "request.method", "request.scheme",
    ];

    private readonly ObligingFleet _fleet = new();
    private AttributeSpace _space = null!;
    private ReportGatherer _gatherer = null!;
    private PreparedAttributes _prepared = null!;
    private RequestAttributes _record = null!;
    private AttributeKey _path;
    private AttributeKey _code;
    private AttributeKey _size;

    [GlobalSetup]
    public void Setup()
    {
        _space = new AttributeSpace(new MixerClientOptions { Servers = new FleetOptions { Addresses = ["tcp://127.0.0.1:9191"] } });
        _gatherer = new ReportGatherer(new ReportOptions(), _space, _fleet, TimeProvider.System, NullLogger.Instance);
        _path = _space.Key("request.path");
        _code = _space.Key("response.code");
        _size = _space.Key("response.size");
        using (RequestAttributes attributes = _space.Rent(null))
        {
            foreach (string name in PreparedNames)
            {
                attributes.Set(name, "a value of some length");
            }

            _prepared = attributes.Prepare();
        }

        _record = _space.Rent(_prepared);
        Fill(200);
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        _record.Dispose();
        await _gatherer.DisposeAsync();
        await _fleet.DisposeAsync();
    }

    [Benchmark(Baseline = true)]
    public bool Add() => _gatherer.TryAdd(_record);

    [Benchmark]
    public bool FillAndAdd()
    {
        _record.Reset(_prepared);
        Fill(200);
        return _gatherer.TryAdd(_record);
    }

    private void Fill(long code)
    {
        _record.Set(_path, "/productpage"u8);
        _record.Set(_code, code);
        _record.Set(_size, 5_183);
    }
}
