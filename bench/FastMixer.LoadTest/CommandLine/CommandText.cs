using System.Text;

namespace FastMixer.LoadTest.CommandLine;

/// <summary>Splits a command into words at blanks outside quotes; no shell is between, so that the process started is the server.</summary>
internal static class CommandText
{
    /// <summary>The words of a command.</summary>
    public static IReadOnlyList<string> Split(string command)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var quote = '\0';
        var begun = false;
        foreach (var c in command)
        {
            if (quote != '\0' ? c == quote : c is '"' or '\'')
            {
                quote = quote == '\0' ? c : '\0';
                begun = true;
            }
            else if (quote == '\0' && char.IsWhiteSpace(c))
            {
                Take();
            }
            else
            {
                word.Append(c);
                begun = true;
            }
        }

        if (quote != '\0')
        {
            throw new LoadTestException($"--start: the command has a {quote} that does not close");
        }

        Take();
        return words.Count > 0 ? words : throw new LoadTestException("--start: the command is empty");

        void Take()
        {
            if (begun)
            {
                words.Add(word.ToString());
                word.Clear();
                begun = false;
            }
        }
    }
}
