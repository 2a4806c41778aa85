using System.Collections.Concurrent;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Client.Attributes;

/// <summary>What attributes a client's requests can have, what all of them have, and the pool of <see cref="RequestAttributes"/>. Thread-safe.</summary>
internal sealed class AttributeSpace
{
    private const int MaxPooled = 256;

    // What a core gave back last is taken again there, from a cache line that no other core writes.
    private const int CoreMask = 7;
    private const int ReferencesPerLine = 8;

    private readonly ConcurrentQueue<RequestAttributes> _pool = new();
    private readonly RequestAttributes?[] _ofCores = new RequestAttributes?[(CoreMask + 2) * ReferencesPerLine];
    private int _pooled;

    /// <summary>A space.</summary>
    /// <param name="options">The attributes beyond the standard vocabulary, and the base.</param>
    /// <exception cref="ArgumentException">An attribute is declared with another type already.</exception>
    public AttributeSpace(MixerClientOptions options)
    {
        // In one order for all clients that declare them, so that they agree on routes.
        Vocabulary = Vocabulary.Standard.With(options.Attributes.OrderBy(definition => definition.Name, StringComparer.Ordinal));
        All = AttributeSelection.All(Vocabulary);
        if (options.Base is not null)
        {
            using var attributes = new RequestAttributes(this);
            options.Base(attributes);
            Base = attributes.Bag;
        }
    }

    /// <summary>The attributes.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>All of them.</summary>
    public AttributeSelection All { get; }

    /// <summary>What every request inherits, and each hello says; null for nothing. Never changes.</summary>
    public AttributeBag? Base { get; }

    /// <summary>The key of an attribute.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public AttributeKey Key(string name) => Vocabulary.TryGetSlot(name, out int slot)
        ? new AttributeKey(slot, Vocabulary[slot].Type)
        : throw new ArgumentException(
            $"There is no attribute \"{name}\": declare it in MixerClientOptions.Attributes, with the type that the policy declares.", nameof(name));

    /// <summary>Attributes to fill.</summary>
    /// <param name="prepared">What they start from.</param>
    public RequestAttributes Rent(PreparedAttributes? prepared)
    {
        RequestAttributes? attributes = Interlocked.Exchange(ref OfThisCore, null);
        if (attributes is null && _pool.TryDequeue(out attributes))
        {
            Interlocked.Decrement(ref _pooled);
        }

        attributes ??= new RequestAttributes(this);
        attributes.Rent(prepared);
        return attributes;
    }

    /// <summary>Attributes like those of a bag.</summary>
    /// <param name="bag">The bag, of this space.</param>
    public RequestAttributes Copy(AttributeBag bag)
    {
        RequestAttributes copy = Rent(prepared: null);
        copy.Bag.CopyFrom(bag);
        return copy;
    }

    /// <summary>Takes attributes back.</summary>
    public void Return(RequestAttributes attributes)
    {
        if (Interlocked.CompareExchange(ref OfThisCore, attributes, null) is null)
        {
            return;
        }

        if (Interlocked.Increment(ref _pooled) <= MaxPooled)
        {
            _pool.Enqueue(attributes);
        }
        else
        {
            Interlocked.Decrement(ref _pooled);
            attributes.Bag.Dispose();
        }
    }

    private ref RequestAttributes? OfThisCore => ref _ofCores[((Thread.GetCurrentProcessorId() & CoreMask) + 1) * ReferencesPerLine];
}
