namespace FastMixer.Client.Quotas;

/// <summary>Amounts granted and not yet handed out, those that expire first in front. Not thread-safe.</summary>
internal sealed class QuotaTokens
{
    private readonly List<Batch> _batches = [];

    /// <summary>How much there is, whether expired or not.</summary>
    public long Available { get; private set; }

    /// <summary>Adds an amount.</summary>
    /// <param name="amount">How much.</param>
    /// <param name="expiry">From when on it must not be handed out any more.</param>
    /// <param name="told">For how long its server has granted it.</param>
    public void Add(long amount, TimeSpan expiry, TimeSpan told)
    {
        if (amount <= 0)
        {
            return;
        }

        int index = _batches.Count;
        while (index > 0 && _batches[index - 1].Expiry > expiry)
        {
            index--;
        }

        Available += amount;
        if (index > 0 && _batches[index - 1] is { } before && before.Expiry == expiry && before.Told == told)
        {
            _batches[index - 1] = before with { Amount = before.Amount + amount };
        }
        else
        {
            _batches.Insert(index, new Batch(amount, expiry, told));
        }
    }

    /// <summary>Takes an amount from the front.</summary>
    /// <param name="amount">How much; 1 … <see cref="Available"/>.</param>
    /// <returns>When the first of it expires, and for how long that was granted.</returns>
    public (TimeSpan Expiry, TimeSpan Told) Take(long amount)
    {
        (TimeSpan Expiry, TimeSpan Told) first = (_batches[0].Expiry, _batches[0].Told);
        Available -= amount;
        int used = 0;
        while (amount > 0)
        {
            Batch batch = _batches[used];
            if (batch.Amount > amount)
            {
                _batches[used] = batch with { Amount = batch.Amount - amount };
                break;
            }

            amount -= batch.Amount;
            used++;
        }

        _batches.RemoveRange(0, used);
        return first;
    }

    /// <summary>Lets go of what has expired.</summary>
    /// <param name="now">The time.</param>
    /// <returns>How much that was.</returns>
    public long Expire(TimeSpan now)
    {
        long expired = 0;
        int count = 0;
        for (; count < _batches.Count && _batches[count].Expiry <= now; count++)
        {
            expired += _batches[count].Amount;
        }

        _batches.RemoveRange(0, count);
        Available -= expired;
        return expired;
    }

    private readonly record struct Batch(long Amount, TimeSpan Expiry, TimeSpan Told);
}
