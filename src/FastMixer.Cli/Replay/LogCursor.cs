namespace FastMixer.Cli.Replay;

/// <summary>Takes the fields of a log's line one after the other, and says where and why it cannot.</summary>
/// <param name="line">The line.</param>
internal ref struct LogCursor(ReadOnlySpan<char> line)
{
    private readonly ReadOnlySpan<char> _line = line;
    private int _position;

    /// <summary>Why the last take failed.</summary>
    public string? Problem { get; private set; }

    /// <summary>Whether nothing but spaces is left.</summary>
    public readonly bool IsAtEnd => Rest.Trim(' ').IsEmpty;

    private readonly ReadOnlySpan<char> Rest => _line[_position..];

    /// <summary>Fails with a reason.</summary>
    /// <param name="problem">What is wrong, and what would be right.</param>
    /// <returns>False, to be returned on.</returns>
    public bool Fail(string problem)
    {
        Problem = problem;
        return false;
    }

    /// <summary>Takes what stands up to the next space, or the end.</summary>
    /// <param name="what">The field, for the reason.</param>
    /// <param name="field">The field.</param>
    public bool TryTakeWord(string what, out ReadOnlySpan<char> field)
    {
        SkipSpaces();
        int end = Rest.IndexOf(' ');
        field = end < 0 ? Rest : Rest[..end];
        _position += field.Length;
        return !field.IsEmpty || Fail($"the line ends before {what}");
    }

    /// <summary>Takes what stands before the bracket of the time, and the time.</summary>
    /// <param name="before">What stands before it, without spaces around.</param>
    /// <param name="time">What the brackets hold.</param>
    public bool TryTakeTime(out ReadOnlySpan<char> before, out ReadOnlySpan<char> time)
    {
        time = default;
        before = default;
        int open = Rest.IndexOf(" [");
        if (open < 0)
        {
            return Fail($"column {_position + 1}: expected [{LogTime.Expected}] behind the user");
        }

        before = Rest[..open].Trim(' ');
        _position += open + 2;
        int close = Rest.IndexOf(']');
        if (close < 0)
        {
            return Fail($"column {_position}: the bracket of the time is never closed");
        }

        time = Rest[..close];
        _position += close + 1;
        return true;
    }

    /// <summary>Takes a text in quotes.</summary>
    /// <param name="what">The field, for the reason.</param>
    /// <param name="mayBeCut">Whether the line may end before the text does: some loggers cut long lines.</param>
    /// <param name="text">What stands between them, with its escapes.</param>
    public bool TryTakeQuoted(string what, bool mayBeCut, out ReadOnlySpan<char> text)
    {
        text = default;
        SkipSpaces();
        if (!Rest.StartsWith("\""))
        {
            return Fail($"column {_position + 1}: expected {what} in quotes");
        }

        _position++;
        int end = LogText.IndexOfClosingQuote(Rest);
        if (end < 0 && mayBeCut)
        {
            text = Rest;
            _position = _line.Length;
            return true;
        }

        if (end < 0)
        {
            return Fail($"column {_position}: the quote before {what} is never closed");
        }

        text = Rest[..end];
        _position += end + 1;
        return true;
    }

    private void SkipSpaces()
    {
        int next = Rest.IndexOfAnyExcept(' ');
        _position += next < 0 ? Rest.Length : next;
    }
}
