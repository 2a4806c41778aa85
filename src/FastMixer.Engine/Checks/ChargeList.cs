using FastMixer.Policy.Rules;

namespace FastMixer.Engine.Checks;

/// <summary>What one check is charged, each quota once. Reused; no allocation once grown.</summary>
internal sealed class ChargeList
{
    private (QuotaCharge Charge, long Amount)[] _items = new (QuotaCharge, long)[4];

    /// <summary>How many quotas there are.</summary>
    public int Count { get; private set; }

    /// <summary>A quota, and how much of it.</summary>
    /// <param name="index">0 … <see cref="Count"/> − 1.</param>
    public (QuotaCharge Charge, long Amount) this[int index] => _items[index];

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        Array.Clear(_items, 0, Count);
        Count = 0;
    }

    /// <summary>Adds the charges of a rule; those of one quota add up, as far as 64 bits go.</summary>
    public void Add(IReadOnlyList<QuotaCharge> charges)
    {
        for (int i = 0; i < charges.Count; i++)
        {
            Add(charges[i]);
        }
    }

    private void Add(QuotaCharge charge)
    {
        for (int i = 0; i < Count; i++)
        {
            if (_items[i].Charge.Quota.Equals(charge.Quota, StringComparison.OrdinalIgnoreCase))
            {
                _items[i].Amount = _items[i].Amount > long.MaxValue - charge.Amount ? long.MaxValue : _items[i].Amount + charge.Amount;
                return;
            }
        }

        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Count * 2);
        }

        _items[Count++] = (charge, charge.Amount);
    }
}
