using FastMixer.Policy.Rules;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Engine.Handlers;

/// <summary>
/// A handler that says more about a request than its sidecar does, before its rules are looked for. The rules of <see cref="ICheckHandler"/> hold:
/// one that answers from memory returns a completed task and allocates nothing. For the records of reports, the report worker waits for it.
/// </summary>
public interface IAttributeGenerator : IHandler
{
    /// <summary>Fills the outputs of the instance's template, as far as it knows them.</summary>
    /// <param name="instance">The instance's fields; belongs to the caller again when the task completes.</param>
    /// <param name="output">Takes what is known; belongs to the caller again when the task completes.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    ValueTask GenerateAsync(InstanceValues instance, GeneratorOutput output, CancellationToken cancellationToken);
}

/// <summary>
/// Takes what a generator knows, by the index of the output in its template (<see cref="Policy.Templates.Template.Outputs"/>). What is not set is
/// absent. Values are copied; nothing allocates. Belongs to one request at a time.
/// </summary>
public sealed class GeneratorOutput
{
    private AttributeBag _bag = null!;
    private int[] _slots = new int[32];
    private int _count;

    /// <summary>Sets an INT64, TIMESTAMP or DURATION (nanoseconds), or a BOOL as 0 or 1.</summary>
    /// <param name="output">The output's index.</param>
    /// <param name="value">The value.</param>
    public void SetNumber(int output, long value) => _bag.SetNumber(Slot(output), value);

    /// <summary>Sets text (UTF-8), BYTES or an IP_ADDRESS (4 or 16 bytes in network order).</summary>
    /// <param name="output">The output's index.</param>
    /// <param name="value">The bytes.</param>
    public void SetBytes(int output, ReadOnlySpan<byte> value) => _bag.SetBytes(Slot(output), value);

    /// <summary>Sets a STRING_MAP.</summary>
    /// <param name="output">The output's index.</param>
    /// <param name="entries">Keys and values, UTF-8; keys must be distinct.</param>
    public void SetMap(int output, ReadOnlySpan<KeyValuePair<byte[], byte[]>> entries) => _bag.SetMap(Slot(output), entries);

    /// <summary>Prepares for one instance.</summary>
    internal void Begin(AttributeBag bag, ReadOnlySpan<int> slots)
    {
        _bag = bag;
        if (slots.Length > _slots.Length)
        {
            _slots = new int[slots.Length];
        }

        slots.CopyTo(_slots);
        _count = slots.Length;
    }

    private int Slot(int output) => _slots.AsSpan(0, _count)[output];
}
