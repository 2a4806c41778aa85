using System.Globalization;
using System.Text;

namespace FastMixer.Policy.Language.Syntax;

/// <summary>Cuts the text of an expression into tokens (spec/language.md, Literals).</summary>
internal sealed class Lexer(string text)
{
    private static readonly string[] Signs =
        ["==", "!=", "<=", ">=", "&&", "||", "<", ">", "|", "+", "-", "*", "/", "%", "!", "(", ")", "[", "]", ",", "."];

    private int _position;

    /// <summary>All tokens, the last one <see cref="TokenKind.End"/>.</summary>
    /// <exception cref="LanguageException">Something is no token.</exception>
    public List<Token> ReadAll()
    {
        var tokens = new List<Token>();
        do
        {
            tokens.Add(Read());
        }
        while (tokens[^1].Kind != TokenKind.End);
        return tokens;
    }

    private Token Read()
    {
        while (_position < text.Length && char.IsWhiteSpace(text[_position]))
        {
            _position++;
        }

        if (_position == text.Length)
        {
            return new Token(TokenKind.End, "", _position);
        }

        char first = text[_position];
        if (char.IsLetter(first) || first is '_' or '$')
        {
            return ReadName();
        }

        if (char.IsAsciiDigit(first))
        {
            return ReadNumber();
        }

        return first is '"' or '\'' or '`' ? ReadText(first) : ReadSign();
    }

    private Token ReadName()
    {
        int start = _position;
        while (_position < text.Length && (char.IsLetterOrDigit(text[_position]) || text[_position] is '_' or '$'))
        {
            _position++;
        }

        return new Token(TokenKind.Name, text[start.._position], start);
    }

    private Token ReadNumber()
    {
        int start = _position;
        SkipDigits();
        bool isDecimal = false;
        if (_position + 1 < text.Length && text[_position] == '.' && char.IsAsciiDigit(text[_position + 1]))
        {
            isDecimal = true;
            _position++;
            SkipDigits();
        }

        if (_position < text.Length && text[_position] is 'e' or 'E')
        {
            isDecimal = true;
            _position++;
            _position += _position < text.Length && text[_position] is '+' or '-' ? 1 : 0;
            if (_position == text.Length || !char.IsAsciiDigit(text[_position]))
            {
                throw new LanguageException(start, $"'{text[start.._position]}' is no number: expected digits of the exponent.");
            }

            SkipDigits();
        }

        if (_position < text.Length && (char.IsLetterOrDigit(text[_position]) || text[_position] == '_'))
        {
            throw new LanguageException(
                start, $"'{text[start..(_position + 1)]}' is no number: expected decimal digits. A duration is written as a string, \"5m\".");
        }

        return new Token(isDecimal ? TokenKind.Decimal : TokenKind.Integer, text[start.._position], start);
    }

    private void SkipDigits()
    {
        while (_position < text.Length && char.IsAsciiDigit(text[_position]))
        {
            _position++;
        }
    }

    private Token ReadText(char quote)
    {
        int start = _position++;
        var content = new StringBuilder();
        while (true)
        {
            if (_position == text.Length || (quote != '`' && text[_position] == '\n'))
            {
                throw new LanguageException(start, $"The string that begins here has no closing {quote}.");
            }

            char next = text[_position++];
            if (next == quote)
            {
                return new Token(TokenKind.Text, content.ToString(), start);
            }

            if (next == '\\' && quote != '`')
            {
                AppendEscape(content);
            }
            else
            {
                content.Append(next);
            }
        }
    }

    // The escapes of Go's strings.
    private void AppendEscape(StringBuilder content)
    {
        int start = _position - 1;
        char escape = _position < text.Length ? text[_position++] : '\0';
        switch (escape)
        {
            case 'a': content.Append('\a'); break;
            case 'b': content.Append('\b'); break;
            case 'f': content.Append('\f'); break;
            case 'n': content.Append('\n'); break;
            case 'r': content.Append('\r'); break;
            case 't': content.Append('\t'); break;
            case 'v': content.Append('\v'); break;
            case '\\' or '"' or '\'': content.Append(escape); break;
            case >= '0' and <= '3': content.Append(ReadOctal(start)); break;
            case 'x': content.Append(ReadHex(start, 2)); break;
            case 'u': content.Append(ReadHex(start, 4)); break;
            case 'U': content.Append(ReadHex(start, 8)); break;
            default:
                string found = escape == '\0' ? "\\" : $"\\{escape}";
                throw new LanguageException(
                    start, $"'{found}' is no escape: expected one of \\a \\b \\f \\n \\r \\t \\v \\\\ \\\" \\' \\OOO \\xHH \\uHHHH \\UHHHHHHHH.");
        }
    }

    private Rune ReadOctal(int start)
    {
        ReadOnlySpan<char> digits = text.AsSpan(start + 1, Math.Min(3, text.Length - start - 1));
        if (digits.Length < 3 || digits.ContainsAnyExceptInRange('0', '7'))
        {
            throw new LanguageException(start, "Expected 3 octal digits after this escape.");
        }

        _position = start + 4;
        return new Rune(((digits[0] - '0') * 64) + ((digits[1] - '0') * 8) + digits[2] - '0');
    }

    private Rune ReadHex(int start, int digits)
    {
        int end = _position + digits;
        if (end <= text.Length
            && int.TryParse(text.AsSpan(_position, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code)
            && Rune.TryCreate(code, out Rune rune))
        {
            _position = end;
            return rune;
        }

        throw new LanguageException(start, $"Expected {digits} hexadecimal digits of a Unicode character after this escape.");
    }

    private Token ReadSign()
    {
        foreach (string sign in Signs)
        {
            if (string.CompareOrdinal(text, _position, sign, 0, sign.Length) == 0)
            {
                _position += sign.Length;
                return new Token(TokenKind.Sign, sign, _position - sign.Length);
            }
        }

        string hint = text[_position] == '=' ? " Did you mean '=='?" : text[_position] == '&' ? " Did you mean '&&'?" : "";
        throw new LanguageException(_position, $"'{text[_position]}' has no meaning here.{hint}");
    }
}
