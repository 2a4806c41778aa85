namespace FastMixer.LoadTest.Report;

/// <summary>A line on a terminal that is written over and over; nothing where standard error is no terminal.</summary>
internal sealed class ProgressLine
{
    private int _width;

    /// <summary>Whether anyone sees it.</summary>
    public bool IsShown { get; } = !Console.IsErrorRedirected;

    /// <summary>Replaces the line.</summary>
    public void Show(FormattableString text)
    {
        if (IsShown)
        {
            var line = FormattableString.Invariant(text);
            Console.Error.Write($"\r{line.PadRight(_width)}");
            _width = line.Length;
        }
    }

    /// <summary>Removes the line.</summary>
    public void Clear()
    {
        if (_width > 0)
        {
            Console.Error.Write($"\r{new string(' ', _width)}\r");
            _width = 0;
        }
    }
}
