using FastMixer.Client.Fleet.Servers;

namespace FastMixer.Client.Fleet.Checks;

/// <summary>The attempts of one check that have failed. Belongs to the check; made with the first failure, so that a check that goes well has none.</summary>
internal sealed class FailedAttempts
{
    private readonly List<(FleetServer Server, MixerException Problem)> _all = [];
    private int _roundStart;

    /// <summary>How many there were.</summary>
    public int Count => _all.Count;

    /// <summary>How many servers were tried since all had been.</summary>
    public int InRound => _all.Count - _roundStart;

    /// <summary>How many servers have refused because of their load.</summary>
    public int Overloaded { get; private set; }

    /// <summary>Notes one.</summary>
    /// <param name="server">Which server.</param>
    /// <param name="problem">What was wrong.</param>
    /// <param name="meaning">What that means.</param>
    public void Add(FleetServer server, MixerException problem, FailureMeaning meaning)
    {
        _all.Add((server, problem));
        Overloaded += meaning == FailureMeaning.Overloaded ? 1 : 0;
    }

    /// <summary>Whether a server was tried in this round.</summary>
    /// <param name="server">The server.</param>
    public bool HasTried(FleetServer server)
    {
        for (int i = _roundStart; i < _all.Count; i++)
        {
            if (_all[i].Server == server)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>All were tried: they may be tried again.</summary>
    public void BeginRound() => _roundStart = _all.Count;

    /// <summary>Whether a failure says that the server has done nothing: it was not sent the call, or has refused it whole.</summary>
    /// <param name="problem">The failure.</param>
    public static bool IsUnheard(MixerException problem) =>
        problem.Reason != MixerFailure.Other || Failures.Judge(problem) == FailureMeaning.Overloaded;

    /// <summary>What the call ends with.</summary>
    /// <param name="what">The call: "check" or "report".</param>
    public MixerException ToException(string what)
    {
        MixerException last = _all[^1].Problem;
        string tried = string.Join("; ", _all.Select(attempt => $"{attempt.Server.Address}: {attempt.Problem.Message}"));
        string message = $"No server has answered the {what}. Tried {tried}";
        return last is MixerTimeoutException
            ? new MixerTimeoutException(message, last)
            : new MixerUnavailableException(message, last) { Reason = _all.TrueForAll(static attempt => IsUnheard(attempt.Problem)) ? MixerFailure.NotSent : MixerFailure.Other };
    }
}
