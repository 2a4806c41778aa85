namespace FastMixer.Policy.Language.Syntax;

/// <summary>What a token is.</summary>
internal enum TokenKind
{
    /// <summary>The end of the text.</summary>
    End,

    /// <summary>A name, or one part of a dotted one.</summary>
    Name,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number with a fraction or an exponent.</summary>
    Decimal,

    /// <summary>A string, its escapes resolved.</summary>
    Text,

    /// <summary>An operator or a bracket.</summary>
    Sign,
}

/// <summary>A token.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The name, the digits, the sign, or the string's content.</param>
/// <param name="Offset">Where it begins, in characters.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Offset)
{
    /// <summary>Whether it is a certain sign.</summary>
    public bool Is(string sign) => Kind == TokenKind.Sign && Text == sign;

    /// <summary>The token in a message.</summary>
    public override string ToString() => Kind switch
    {
        TokenKind.End => "the end of the expression",
        TokenKind.Text => $"\"{Text}\"",
        _ => $"'{Text}'",
    };
}
