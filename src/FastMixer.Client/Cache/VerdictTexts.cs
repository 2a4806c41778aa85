using System.Diagnostics.CodeAnalysis;
using FastMixer.Protocol.Messages;

namespace FastMixer.Client.Cache;

/// <summary>
/// What kept verdicts say besides their status, by number, so that entries need no objects. As many as there are entries at least; when there are more, the oldest
/// go, and the entries that had them are as good as absent. Reading takes no lock and allocates nothing.
/// </summary>
internal sealed class VerdictTexts
{
    /// <summary>The number of <see cref="VerdictText.None"/>, which is always there.</summary>
    public const long None = 0;

    private const int Least = 64;

    private readonly Lock _lock = new();
    private readonly Numbered?[] _texts;
    private readonly Dictionary<string, long> _plain = new(StringComparer.Ordinal);
    private long _last;

    /// <summary>No texts.</summary>
    /// <param name="entries">How many entries there may be.</param>
    public VerdictTexts(int entries) => _texts = new Numbered?[Math.Max(entries, Least)];

    /// <summary>Adds what a verdict says. The same message without a directive is kept once.</summary>
    /// <returns>Its number.</returns>
    public long Add(Verdict verdict)
    {
        bool isPlain = ReferenceEquals(verdict.Directive, RouteDirective.None);
        if (isPlain && verdict.Message.Length == 0)
        {
            return None;
        }

        lock (_lock)
        {
            if (isPlain && _plain.TryGetValue(verdict.Message, out long known))
            {
                return known;
            }

            long number = ++_last;
            ref Numbered? place = ref _texts[number % _texts.Length];
            if (place is { IsPlain: true } oldest)
            {
                _plain.Remove(oldest.Text.Message);
            }

            if (isPlain)
            {
                _plain[verdict.Message] = number;
            }

            Volatile.Write(ref place, new Numbered(number, new VerdictText(verdict.Message, verdict.Directive), isPlain));
            return number;
        }
    }

    /// <summary>Finds what a verdict says.</summary>
    /// <param name="number">The number that <see cref="Add"/> gave.</param>
    /// <param name="text">What it says.</param>
    /// <returns>False if others have taken its place.</returns>
    public bool TryGet(long number, [NotNullWhen(true)] out VerdictText? text)
    {
        if (number == None)
        {
            text = VerdictText.None;
            return true;
        }

        Numbered? found = Volatile.Read(ref _texts[number % _texts.Length]);
        text = found?.Number == number ? found.Text : null;
        return text is not null;
    }

    private sealed record Numbered(long Number, VerdictText Text, bool IsPlain);
}
