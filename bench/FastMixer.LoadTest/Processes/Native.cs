using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace FastMixer.LoadTest.Processes;

/// <summary>The system calls of Linux that the framework does not offer.</summary>
internal static partial class Native
{
    private const int DeathSignalOption = 1;
    private const int TimerSlackOption = 29;
    private const int Terminate = 15;
    private const short Readable = 1;
    private const int ThreadPriority = 0; // Of a process, POSIX says; Linux takes it for the calling thread where the id is 0.
    private const int LowestPriority = 19;
    private const int AffinityWords = 16; // 1,024 CPUs, as many as the C library's cpu_set_t holds.

    /// <summary>Sends SIGTERM; a process that is gone is no error.</summary>
    public static void SendTerminate(int processId) => _ = Kill(processId, Terminate);

    /// <summary>Asks the system to end this process with its parent.</summary>
    public static void DieWithParent() => _ = ProcessControl(DeathSignalOption, Terminate);

    /// <summary>Lets the calling thread's waits end to the nanosecond, where the default is to lump them within 50 µs.</summary>
    public static void UseFineTimers() => _ = ProcessControl(TimerSlackOption, 1);

    /// <summary>Lets the calling thread run only while no other wants its CPU, as far as the system keeps to that.</summary>
    public static void RunBehindOthers() => _ = SetPriority(ThreadPriority, 0, LowestPriority);

    /// <summary>Waits until a descriptor is readable, at most for a time in ticks of <see cref="Stopwatch"/>.</summary>
    public static unsafe bool WaitReadable(int descriptor, long ticks)
    {
        var poll = new PollDescriptor { Descriptor = descriptor, Events = Readable };
        var time = TimeSpec.Of(ticks);
        return Poll(&poll, 1, &time, null) > 0;
    }

    /// <summary>Lets the calling thread sleep for a time in ticks of <see cref="Stopwatch"/>; a signal may end it early.</summary>
    public static unsafe void Sleep(long ticks)
    {
        var time = TimeSpec.Of(ticks);
        _ = Poll(null, 0, &time, null);
    }

    /// <summary>Binds all threads of this process to one CPU; threads made later follow the first one.</summary>
    public static unsafe void PinThisProcess(int cpu)
    {
        if ((uint)cpu >= AffinityWords * 64)
        {
            throw new LoadTestException($"--pin: there is no CPU {cpu}");
        }

        var mask = stackalloc ulong[AffinityWords];
        new Span<ulong>(mask, AffinityWords).Clear();
        mask[cpu / 64] = 1UL << (cpu % 64);
        foreach (var thread in Directory.EnumerateDirectories("/proc/self/task"))
        {
            var id = int.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture);
            var failed = SetAffinity(id, sizeof(ulong) * AffinityWords, mask) != 0;
            var error = Marshal.GetLastPInvokeErrorMessage();
            if (failed && Directory.Exists(thread))
            {
                throw new LoadTestException($"--pin: can't run on CPU {cpu}: {error}");
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int id, int priority);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int ProcessControl(int option, nuint argument);

    [LibraryImport("libc", EntryPoint = "ppoll")]
    private static unsafe partial int Poll(PollDescriptor* descriptors, nuint count, TimeSpec* timeout, void* signals);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static unsafe partial int SetAffinity(int threadId, nuint bytes, ulong* mask);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;

        public static TimeSpec Of(long ticks)
        {
            var seconds = Math.DivRem(ticks, Stopwatch.Frequency, out var rest);
            return new TimeSpec { Seconds = (nint)seconds, Nanoseconds = (nint)(rest * (1_000_000_000 / Stopwatch.Frequency)) };
        }
    }
}
