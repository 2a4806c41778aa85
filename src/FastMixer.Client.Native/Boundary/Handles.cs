using System.Diagnostics.CodeAnalysis;

namespace FastMixer.Client.Native.Boundary;

/// <summary>
/// What stands for objects outside: a number of a slot, and how often the slot was taken and left. So a handle that was given back is told from the one that has its
/// slot now. Thread-safe; getting takes no lock.
/// </summary>
internal static class Handles
{
    private const int FirstSlots = 64;
    private const int GenerationShift = 32;

    private static readonly Lock Changing = new();
    private static readonly Stack<int> Free = new();
    private static Slot[] Slots = [];

    /// <summary>A handle of an object.</summary>
    /// <param name="value">The object; kept until <see cref="Remove"/>.</param>
    public static nint Add(object value)
    {
        lock (Changing)
        {
            if (Free.Count == 0)
            {
                Grow();
            }

            int index = Free.Pop();
            Slot slot = Slots[index];
            slot.Value = value;
            return Handle(index, Interlocked.Increment(ref slot.Generation));
        }
    }

    /// <summary>The object of a handle.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="handle">The handle.</param>
    /// <exception cref="FaultException">There is none, or it is of another type.</exception>
    public static T Get<T>(nint handle)
        where T : class
    {
        Slot[] slots = Volatile.Read(ref Slots);
        uint index = (uint)handle;
        if (index < (uint)slots.Length)
        {
            Slot slot = slots[index];

            // Read before the generation is: Remove changes that first.
            object? value = Volatile.Read(ref slot.Value);
            if (value is T found && Volatile.Read(ref slot.Generation) == Generation(handle))
            {
                return found;
            }
        }

        return Throw<T>(handle);
    }

    /// <summary>Takes a handle away.</summary>
    /// <typeparam name="T">The type of its object.</typeparam>
    /// <param name="handle">The handle.</param>
    /// <returns>The object.</returns>
    /// <exception cref="FaultException">There is none, or it is of another type.</exception>
    public static T Remove<T>(nint handle)
        where T : class
    {
        lock (Changing)
        {
            T value = Get<T>(handle);
            Slot slot = Slots[(uint)handle];
            Interlocked.Increment(ref slot.Generation);
            slot.Value = null;
            Free.Push((int)(uint)handle);
            return value;
        }
    }

    /// <summary>Another handle of the same object in place of one that nobody may use any more.</summary>
    /// <param name="handle">A handle that is the caller's alone.</param>
    public static nint Renew(nint handle) => Handle((int)(uint)handle, Interlocked.Add(ref Slots[(uint)handle].Generation, 2));

    // The generation of a slot that is taken is odd, so that no handle is 0.
    private static nint Handle(int index, uint generation) => (nint)(((ulong)generation << GenerationShift) | (uint)index);

    private static uint Generation(nint handle) => (uint)((ulong)handle >> GenerationShift);

    private static void Grow()
    {
        int count = Slots.Length;
        var slots = new Slot[Math.Max(count * 2, FirstSlots)];
        Slots.CopyTo(slots, 0);
        for (int i = slots.Length - 1; i >= count; i--)
        {
            slots[i] = new Slot();
            Free.Push(i);
        }

        Volatile.Write(ref Slots, slots);
    }

    [DoesNotReturn]
    private static T Throw<T>(nint handle) =>
        throw new FaultException(
            handle == 0 ? Code.InvalidArgument : Code.InvalidHandle,
            handle == 0
                ? $"Expected a {Name<T>()}, found NULL."
                : $"This is no {Name<T>()}: it was given back already, or is something else.");

    private static string Name<T>() => typeof(T) == typeof(Clients.NativeClient) ? "fm_client"
        : typeof(T) == typeof(Requests.NativeRequest) ? "fm_request"
        : typeof(T) == typeof(Results.NativeResult) ? "fm_result"
        : "fm_prepared";

    private sealed class Slot
    {
        public object? Value;
        public uint Generation;
    }
}
