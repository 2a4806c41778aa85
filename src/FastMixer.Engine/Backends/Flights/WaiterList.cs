using FastMixer.Engine.Checks;

namespace FastMixer.Engine.Backends.Flights;

/// <summary>Waiters in the reverse of the order in which they came, linked through themselves. A value: a copy that is used makes the original useless.</summary>
internal struct WaiterList
{
    private Waiter? _first;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Adds one, which is in no other list.</summary>
    public void Add(Waiter waiter)
    {
        waiter.Next = _first;
        _first = waiter;
        Count++;
    }

    /// <summary>Adds all of another list, which is empty then.</summary>
    public void AddAll(WaiterList others)
    {
        while (others.Take() is { } waiter)
        {
            Add(waiter);
        }
    }

    /// <summary>Takes one out.</summary>
    /// <returns>Null if there is none.</returns>
    public Waiter? Take()
    {
        Waiter? waiter = _first;
        if (waiter is not null)
        {
            _first = waiter.Next;
            waiter.Next = null;
            Count--;
        }

        return waiter;
    }

    /// <summary>Takes all of them out.</summary>
    public WaiterList TakeAll()
    {
        WaiterList all = this;
        this = default;
        return all;
    }

    /// <summary>
    /// Gives all of them the same answer and empties the list: all but one on threads of the pool, so that none waits for what the others do with it.
    /// </summary>
    public void AnswerAll(in HandlerAnswer answer)
    {
        while (Take() is { } waiter)
        {
            if (Count == 0)
            {
                waiter.Answer(answer);
            }
            else
            {
                waiter.AnswerLater(answer);
            }
        }
    }
}
