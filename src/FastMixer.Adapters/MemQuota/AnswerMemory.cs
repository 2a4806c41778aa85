using FastMixer.Engine.Handlers;

namespace FastMixer.Adapters.MemQuota;

/// <summary>
/// Remembers answers for a time, so that a question that comes again gets the same one: in two generations, of which the older is forgotten when
/// the younger has grown old. Not thread-safe; no allocation once grown.
/// </summary>
/// <param name="lifetime">How long an answer is remembered at least; at most twice as long.</param>
/// <param name="most">How many answers a generation holds; what comes beyond is not remembered.</param>
internal sealed class AnswerMemory(TimeSpan lifetime, int most)
{
    private Dictionary<UInt128, (QuotaResult Result, TimeSpan At)> _young = [];
    private Dictionary<UInt128, (QuotaResult Result, TimeSpan At)> _old = [];
    private TimeSpan _youngSince;

    /// <summary>Finds an answer, with what is left of its life.</summary>
    /// <param name="question">Stands for the question.</param>
    /// <param name="now">The time.</param>
    /// <param name="result">The answer.</param>
    public bool TryRecall(UInt128 question, TimeSpan now, out QuotaResult result)
    {
        Age(now);
        if (!_young.TryGetValue(question, out (QuotaResult Result, TimeSpan At) known) && !_old.TryGetValue(question, out known))
        {
            result = default;
            return false;
        }

        TimeSpan left = known.Result.ValidDuration - (now - known.At);
        result = known.Result with { ValidDuration = left > TimeSpan.Zero ? left : TimeSpan.Zero };
        return true;
    }

    /// <summary>Remembers an answer.</summary>
    /// <param name="question">Stands for the question.</param>
    /// <param name="now">The time.</param>
    /// <param name="result">The answer.</param>
    public void Remember(UInt128 question, TimeSpan now, QuotaResult result)
    {
        Age(now);
        if (_young.Count < most)
        {
            _young[question] = (result, now);
        }
    }

    private void Age(TimeSpan now)
    {
        if (now - _youngSince < lifetime)
        {
            return;
        }

        (_young, _old) = (_old, _young);
        _young.Clear();
        if (now - _youngSince >= lifetime * 2)
        {
            _old.Clear();
        }

        _youngSince = now;
    }
}
