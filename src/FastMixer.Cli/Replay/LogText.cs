using System.Globalization;
using System.Text;

namespace FastMixer.Cli.Replay;

/// <summary>The text between quotes in a log: Apache's escapes (<c>\" \\ \n \t \xhh</c>) and nginx's (<c>\x22</c>).</summary>
internal static class LogText
{
    /// <summary>Finds the quote that ends a text: one that no backslash escapes, with a space or the line's end behind it.</summary>
    /// <param name="text">What stands behind the opening quote.</param>
    /// <returns>Its index, or −1.</returns>
    public static int IndexOfClosingQuote(ReadOnlySpan<char> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            int next = text[i..].IndexOfAny('\\', '"');
            if (next < 0)
            {
                return -1;
            }

            i += next;
            if (text[i] == '\\')
            {
                i++;
            }
            else if (i + 1 == text.Length || text[i + 1] == ' ')
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The text that was logged. Bytes written as <c>\xhh</c> are UTF-8 again; what is none becomes U+FFFD.</summary>
    /// <param name="text">The text between the quotes.</param>
    public static string Unescape(ReadOnlySpan<char> text)
    {
        if (!text.Contains('\\'))
        {
            return text.ToString();
        }

        // No escape stands for more bytes than it is written with.
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        int length = 0;
        while (!text.IsEmpty)
        {
            int plain = text.IndexOf('\\');
            plain = plain < 0 ? text.Length : plain;
            length += Encoding.UTF8.GetBytes(text[..plain], bytes.AsSpan(length));
            text = text[plain..];
            if (!text.IsEmpty)
            {
                length += TakeEscape(ref text, bytes.AsSpan(length));
            }
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    private static int TakeEscape(ref ReadOnlySpan<char> text, Span<byte> to)
    {
        if (text.Length >= 4
            && text[1] == 'x'
            && byte.TryParse(text[2..4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value))
        {
            to[0] = value;
            text = text[4..];
            return 1;
        }

        char escaped = text.Length >= 2 ? text[1] : '\0';
        byte? meant = escaped switch
        {
            '"' or '\\' => (byte)escaped,
            'n' => (byte)'\n',
            't' => (byte)'\t',
            'r' => (byte)'\r',
            'v' => (byte)'\v',
            'f' => (byte)'\f',
            'b' => (byte)'\b',
            _ => null,
        };

        // A backslash that escapes nothing stands for itself: not every logger escapes.
        to[0] = meant ?? (byte)'\\';
        text = text[(meant is null ? 1 : 2)..];
        return 1;
    }
}
