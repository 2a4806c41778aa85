using FastMixer.Protocol.Attributes;

namespace FastMixer.Cli.Attributes;

/// <summary>What reading a person's input found: problems, all of them and not only the first, and warnings.</summary>
/// <param name="vocabulary">The attributes that the input may name with their types; null for the standard ones.</param>
internal sealed class Findings(Vocabulary? vocabulary = null)
{
    private readonly List<string> _problems = [];
    private readonly List<string> _warnings = [];

    /// <summary>The attributes that the input may name with their types.</summary>
    public Vocabulary Vocabulary { get; } = vocabulary ?? Vocabulary.Standard;

    /// <summary>What is wrong; nothing is sent if there is any.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>What is odd; each once.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Adds a problem.</summary>
    /// <param name="text">What, where, and what would be right.</param>
    public void AddProblem(string text) => _problems.Add(text);

    /// <summary>Adds a warning, unless it is there already.</summary>
    /// <param name="text">What is odd, and what is done about it.</param>
    public void AddWarning(string text)
    {
        if (!_warnings.Contains(text))
        {
            _warnings.Add(text);
        }
    }

    /// <summary>Ends with all problems, if there are any.</summary>
    /// <exception cref="InputException">There are.</exception>
    public void ThrowIfProblems()
    {
        if (_problems.Count > 0)
        {
            throw new InputException(string.Join('\n', _problems));
        }
    }
}
