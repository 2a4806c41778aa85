using System.Diagnostics.CodeAnalysis;

namespace FastMixer.Client.Native.Boundary;

/// <summary>
/// Where managed code ends: what functions do runs here, so that an exception becomes a code and a text and never reaches a caller that knows nothing of exceptions.
/// </summary>
internal static class Guard
{
    [ThreadStatic]
    private static PinnedText? LastErrorOfThread;

    [ThreadStatic]
    private static int CallbacksOfThread;

    private static readonly PinnedText NoError = PinnedText.Of(string.Empty);
    private static readonly PinnedText Dropped = PinnedText.Of("The record could not be kept; fm_statistics counts why.");

    /// <summary>The address of the text of the last fault of this thread, until its next one.</summary>
    public static nint LastError => (LastErrorOfThread ?? NoError).Address;

    /// <summary>Does what a function does.</summary>
    /// <typeparam name="T">Its arguments.</typeparam>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="body">What it does.</param>
    /// <returns>A <see cref="Code"/>.</returns>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The caller can't take any.")]
    public static int Call<T>(T arguments, Action<T> body)
    {
        try
        {
            body(arguments);
            return (int)Code.Ok;
        }
        catch (Exception exception)
        {
            return Fail(exception);
        }
    }

    /// <summary>Does what a function with an object does.</summary>
    /// <typeparam name="TObject">The object.</typeparam>
    /// <typeparam name="T">The other arguments.</typeparam>
    /// <param name="handle">The object's handle.</param>
    /// <param name="arguments">The other arguments.</param>
    /// <param name="body">What it does.</param>
    /// <returns>A <see cref="Code"/>.</returns>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The caller can't take any.")]
    public static int Call<TObject, T>(nint handle, T arguments, Action<TObject, T> body)
        where TObject : class
    {
        try
        {
            body(Handles.Get<TObject>(handle), arguments);
            return (int)Code.Ok;
        }
        catch (Exception exception)
        {
            return Fail(exception);
        }
    }

    /// <summary>Does what a function with an object does that returns a number.</summary>
    /// <typeparam name="TObject">The object.</typeparam>
    /// <param name="handle">The object's handle.</param>
    /// <param name="read">What it does; returns 0 or more, or a <see cref="Code"/>.</param>
    /// <returns>The number, or a <see cref="Code"/>.</returns>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The caller can't take any.")]
    public static int Read<TObject>(nint handle, Func<TObject, int> read)
        where TObject : class
    {
        try
        {
            return read(Handles.Get<TObject>(handle));
        }
        catch (Exception exception)
        {
            return Fail(exception);
        }
    }

    /// <summary>Gives an object back. None is no fault.</summary>
    /// <typeparam name="TObject">The object.</typeparam>
    /// <param name="handle">The object's handle, or 0.</param>
    /// <param name="body">What is left to do.</param>
    /// <returns>A <see cref="Code"/>.</returns>
    public static int Free<TObject>(nint handle, Action<TObject> body)
        where TObject : class => handle == 0
            ? (int)Code.Ok
            : Call((handle, body), static call => call.body(Handles.Remove<TObject>(call.handle)));

    /// <summary>Remembers what was wrong for this thread.</summary>
    /// <param name="exception">It.</param>
    /// <returns>The <see cref="Code"/> that says it.</returns>
    public static int Fail(Exception exception)
    {
        (Code code, string text) = exception switch
        {
            FaultException fault => (fault.Code, fault.Message),
            ArgumentException or FormatException or OverflowException => (Code.InvalidArgument, exception.Message),
            MixerErrorException => (Code.Refused, exception.Message),
            ObjectDisposedException or OperationCanceledException or MixerException => (Code.Closed, exception.Message),
            _ => (Code.Internal, exception.ToString()),
        };
        LastErrorOfThread = PinnedText.Of(text);
        return (int)code;
    }

    /// <summary>Remembers for this thread that a record was dropped. Costs next to nothing: it happens when there is too much to do.</summary>
    /// <returns><see cref="Code.Dropped"/>.</returns>
    public static int FailDropped()
    {
        LastErrorOfThread = Dropped;
        return (int)Code.Dropped;
    }

    /// <summary>Notes that this thread calls back, until <see cref="EndCallback"/>.</summary>
    public static void BeginCallback() => CallbacksOfThread++;

    /// <summary>Notes that a callback has returned.</summary>
    public static void EndCallback() => CallbacksOfThread--;

    /// <summary>Faults a call that waits, made in a callback.</summary>
    /// <param name="function">The function.</param>
    public static void RequireNoCallback(string function)
    {
        if (CallbacksOfThread > 0)
        {
            throw new FaultException(Code.WrongThread, $"{function} waits, and must not be called in a callback: hand the work over to a thread of your own.");
        }
    }
}
