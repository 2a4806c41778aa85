using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Language.References;

/// <summary>
/// Turns look-ups of attributes that a policy has added to a request into look-ups in the request itself: whoever read an added attribute depended
/// on the request not having it. What generators gave is no attribute of the request at all. Immutable.
/// </summary>
public sealed class GeneratedReferences
{
    private readonly (int Slot, int Whole, int[] Entries)[] _targets;
    private readonly int[] _outputs;

    internal GeneratedReferences(ReferenceTable table, IReadOnlyList<int> targets, IReadOnlySet<int> outputs)
    {
        int[] IndexesOf(Func<int, bool> slots) => [.. Enumerable.Range(0, table.Count).Where(index => slots(table[index].Slot))];
        _targets = [.. targets.Select(target => (target, table.Add(target), IndexesOf(slot => slot == target)))];
        _outputs = IndexesOf(outputs.Contains);
    }

    /// <summary>Rewrites what was noted. No allocation.</summary>
    /// <param name="recorder">The notes of a request.</param>
    /// <param name="generated">What was added to it.</param>
    public void Rewrite(ReferenceRecorder recorder, AttributeBag generated)
    {
        foreach (int output in _outputs)
        {
            recorder.Forget(output);
        }

        foreach ((int slot, int whole, int[] entries) in _targets)
        {
            if (!generated.HasOwn(slot))
            {
                continue;
            }

            bool noted = recorder.ForgetComputed(slot);
            foreach (int entry in entries)
            {
                noted |= recorder.Forget(entry);
            }

            if (noted)
            {
                recorder.Note(whole, present: false);
            }
        }
    }
}
