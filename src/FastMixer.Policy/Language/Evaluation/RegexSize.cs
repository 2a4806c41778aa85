using System.Globalization;
using System.Text.RegularExpressions;

namespace FastMixer.Policy.Language.Evaluation;

/// <summary>
/// How large a regular expression becomes when its counted repetitions are written out, as compiling it for linear time does:
/// <c>(a{1000}){1000}</c> is a million states. An estimate from above, of the text alone.
/// </summary>
internal static partial class RegexSize
{
    /// <summary>The size, in characters and classes; never more than a billion.</summary>
    public static long Estimate(string pattern)
    {
        var outer = new Stack<long>();
        (long sum, long last) = (0, 0);
        for (int i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\':
                    i++;
                    (sum, last) = (sum + 1, 1);
                    break;
                case '[':
                    i = EndOfClass(pattern, i);
                    (sum, last) = (sum + 1, 1);
                    break;
                case '(':
                    outer.Push(sum);
                    (sum, last) = (1, 1);
                    break;
                case ')' when outer.Count > 0:
                    (sum, last) = (outer.Pop() + sum, sum);
                    break;
                case '{' when Count().Match(pattern, i) is { Success: true } count && count.Index == i:
                    i += count.Length - 1;
                    long times = long.Parse(count.Groups["most"].Success ? count.Groups["most"].Value : count.Groups["least"].Value, CultureInfo.InvariantCulture);
                    (sum, last) = (sum - last + (last * times), last * times);
                    break;
                default:
                    (sum, last) = (sum + 1, 1);
                    break;
            }

            if (sum > 1_000_000_000)
            {
                return 1_000_000_000;
            }
        }

        return sum + outer.Sum();
    }

    // A bracket right behind the opening one, or its negation, is a character of the class.
    private static int EndOfClass(string pattern, int open)
    {
        int start = open + 1 + (open + 1 < pattern.Length && pattern[open + 1] == '^' ? 1 : 0);
        for (int i = start; i < pattern.Length; i++)
        {
            if (pattern[i] == '\\')
            {
                i++;
            }
            else if (pattern[i] == ']' && i > start)
            {
                return i;
            }
        }

        return pattern.Length;
    }

    [GeneratedRegex(@"\G\{(?<least>[0-9]{1,9})(,(?<most>[0-9]{1,9})?)?\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Count();
}
