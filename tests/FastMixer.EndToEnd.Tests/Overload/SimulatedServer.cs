using FastMixer.Server.Overload;
using Microsoft.Extensions.Time.Testing;

namespace FastMixer.EndToEnd.Tests.Overload;

/// <summary>
/// One thread that takes requests in the order of their coming: 100 µs for a verdict, 2 µs for a refusal. Every 10 ms, or at once after one that was late or while load is shed, a
/// probe queues among them, as in a server. Time is simulated, delays are in milliseconds.
/// </summary>
internal sealed class SimulatedServer
{
    /// <summary>What a refusal costs, in verdicts.</summary>
    public const double RefusalCost = 0.02;

    private const double Verdict = 0.1;
    private const double Refusal = Verdict * RefusalCost;
    private const double ProbePeriod = 10;

    private readonly FakeTimeProvider _time = new();
    private readonly StandingQueue _queue;
    private readonly Queue<(double At, bool IsProbe)> _waiting = new();
    private readonly DateTimeOffset _start;
    private double _now;
    private double _nextArrival;
    private double _nextProbe;
    private double _probeSent = -1;
    private double _lastDelay;

    public SimulatedServer(OverloadOptions options)
    {
        _queue = new StandingQueue(options, _time);
        _start = _time.GetUtcNow();
    }

    public bool IsStanding => _queue.IsStanding;

    /// <summary>Lets requests come for a while.</summary>
    /// <param name="seconds">How long.</param>
    /// <param name="load">How many, as a part of what the server can answer.</param>
    public Phase Run(int seconds, double load)
    {
        double end = _now + (seconds * 1000);
        var phase = new Phase(Capacity: (int)(seconds * 1000 / Verdict));
        _nextArrival = load > 0 ? _now : double.PositiveInfinity;
        while (_now < end)
        {
            TakeArrivals(load);
            if (_waiting.TryDequeue(out (double At, bool IsProbe) next))
            {
                phase = next.IsProbe ? phase : Serve(next.At, phase);
                if (next.IsProbe)
                {
                    ServeProbe();
                }
            }
            else
            {
                _now = Math.Min(_nextArrival, _nextProbe);
            }

            _time.SetUtcNow(_start.AddMilliseconds(_now));
        }

        return phase;
    }

    private Phase Serve(double arrival, Phase phase)
    {
        double delay = Math.Max(_lastDelay, _probeSent >= 0 ? _now - _probeSent : 0);
        if (_queue.Sheds(Timestamps(delay), isHeld: false, _time.GetTimestamp()))
        {
            _now += Refusal;
            return phase with { Refused = phase.Refused + 1 };
        }

        double waited = _now - arrival;
        _now += Verdict;
        return phase with { Answered = phase.Answered + 1, WorstDelay = Math.Max(phase.WorstDelay, waited) };
    }

    private void ServeProbe()
    {
        _lastDelay = _now - _probeSent;
        _probeSent = -1;
        _now += Refusal;
        _queue.Observe(Timestamps(_lastDelay), _time.GetTimestamp());
        if (_queue.IsStanding || _queue.IsAbove(Timestamps(_lastDelay)))
        {
            SendProbe();
        }
    }

    private void TakeArrivals(double load)
    {
        while (_nextArrival <= _now || _nextProbe <= _now)
        {
            if (_nextArrival <= _nextProbe)
            {
                _waiting.Enqueue((_nextArrival, false));
                _nextArrival += Verdict / load;
            }
            else
            {
                Look();
                _nextProbe += ProbePeriod;
            }
        }
    }

    private void Look()
    {
        if (_probeSent < 0)
        {
            SendProbe();
        }
        else if (_queue.IsAbove(Timestamps(_now - _probeSent)))
        {
            _queue.Observe(Timestamps(_now - _probeSent), _time.GetTimestamp());
        }
    }

    private void SendProbe()
    {
        _probeSent = _now;
        _waiting.Enqueue((_now, true));
    }

    private long Timestamps(double milliseconds) => (long)(milliseconds / 1000 * _time.TimestampFrequency);

    /// <summary>What became of the requests of some time.</summary>
    public sealed record Phase(int Capacity, int Answered = 0, int Refused = 0, double WorstDelay = 0);
}
