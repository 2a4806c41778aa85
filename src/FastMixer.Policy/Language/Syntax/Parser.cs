using System.Globalization;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Language.Syntax;

/// <summary>
/// Makes a tree of the text of an expression (spec/language.md, Grammar). Binary operators associate to the left; <c>|</c> and <c>+</c> share
/// one level.
/// </summary>
internal sealed class Parser
{
    /// <summary>The longest text, in characters.</summary>
    public const int MaxLength = 16 * 1024;

    /// <summary>How deep brackets, calls and operators may nest.</summary>
    public const int MaxDepth = 100;

    private readonly List<Token> _tokens;
    private int _next;
    private int _depth;

    private Parser(List<Token> tokens) => _tokens = tokens;

    private Token Current => _tokens[_next];

    /// <summary>Parses a whole text.</summary>
    /// <exception cref="LanguageException">It is no expression.</exception>
    public static Expression Parse(string text)
    {
        if (text.Length > MaxLength)
        {
            throw new LanguageException(0, $"The expression has {text.Length} characters; at most {MaxLength} are allowed.");
        }

        var parser = new Parser(new Lexer(text).ReadAll());
        Expression expression = parser.ParseBinary(1);
        if (parser.Current.Kind != TokenKind.End)
        {
            throw new LanguageException(parser.Current.Offset, $"Expected an operator or the end of the expression, found {parser.Current}.");
        }

        return expression;
    }

    private static int Precedence(Token token) => token switch
    {
        { Kind: TokenKind.Name, Text: "in" } => 3,
        { Kind: not TokenKind.Sign } => 0,
        _ => token.Text switch
        {
            "||" => 1,
            "&&" => 2,
            "==" or "!=" or "<" or "<=" or ">" or ">=" => 3,
            "|" or "+" or "-" => 4,
            "*" or "/" or "%" => 5,
            _ => 0,
        },
    };

    private Expression ParseBinary(int lowest)
    {
        Enter();
        Expression left = ParseUnary();
        int depth = _depth;
        while (Precedence(Current) is var precedence && precedence >= lowest)
        {
            Token sign = Take();
            if (sign.Text is "||" or "&&" or "|")
            {
                left = ParseChain(sign, precedence, left);
                continue;
            }

            // A chain of other operators makes a tree as deep as it is long.
            Enter();
            Expression right = ParseBinary(precedence + 1);
            left = new Call(sign.Offset, sign.Text, null, [left, right]);
        }

        _depth = depth - 1;
        return left;
    }

    // a || b || c means the same whichever pair is taken first, so a chain is one call, and may be long without being deep.
    private Call ParseChain(Token sign, int precedence, Expression first)
    {
        List<Expression> operands = [first, ParseBinary(precedence + 1)];
        while (Current.Is(sign.Text))
        {
            _next++;
            operands.Add(ParseBinary(precedence + 1));
        }

        return new Call(sign.Offset, sign.Text, null, operands);
    }

    private Expression ParseUnary()
    {
        Token sign = Current;
        if (sign.Is("!"))
        {
            _next++;
            return Nested(() => new Call(sign.Offset, "!", null, [ParseUnary()]));
        }

        if (sign.Is("-"))
        {
            _next++;
            return Current.Kind is TokenKind.Integer or TokenKind.Decimal
                ? ParseNumber(Take(), sign.Offset, negative: true)
                : Nested(() => new Call(sign.Offset, "-", null, [ParseUnary()]));
        }

        return ParsePostfix(ParsePrimary());
    }

    private Expression ParsePrimary()
    {
        Token token = Take();
        switch (token.Kind)
        {
            case TokenKind.Integer or TokenKind.Decimal:
                return ParseNumber(token, token.Offset, negative: false);
            case TokenKind.Text:
                return DurationText.TryParse(token.Text, out long nanoseconds)
                    ? new Literal(token.Offset, AttributeType.Duration, token.Text, nanoseconds)
                    : new Literal(token.Offset, AttributeType.String, token.Text, 0);
            case TokenKind.Name when Current.Is("("):
                return new Call(token.Offset, token.Text, null, ParseArguments());
            case TokenKind.Name when token.Text.Equals("true", StringComparison.OrdinalIgnoreCase):
                return new Literal(token.Offset, AttributeType.Bool, token.Text, 1);
            case TokenKind.Name when token.Text.Equals("false", StringComparison.OrdinalIgnoreCase):
                return new Literal(token.Offset, AttributeType.Bool, token.Text, 0);
            case TokenKind.Name:
                return ParseAttributeName(token);
            case TokenKind.Sign when token.Is("("):
                Expression inner = Nested(() => ParseBinary(1));
                Expect(")");
                return inner;
            case TokenKind.Sign when token.Is("["):
                return new ListOf(token.Offset, ParseItems("]"));
            default:
                throw new LanguageException(token.Offset, $"Expected a value, found {token}.");
        }
    }

    // Names are flat: all parts up to a method's name, which is the one before a bracket.
    private AttributeName ParseAttributeName(Token first)
    {
        string name = first.Text;
        while (Current.Is(".") && _tokens[_next + 1].Kind == TokenKind.Name && !_tokens[_next + 2].Is("("))
        {
            _next++;
            name += "." + Take().Text;
        }

        return new AttributeName(first.Offset, name);
    }

    private Expression ParsePostfix(Expression operand)
    {
        int depth = _depth;
        while (true)
        {
            if (Current.Is("["))
            {
                Enter();
                _next++;
                Expression key = Nested(() => ParseBinary(1));
                Expect("]");
                operand = new IndexOf(operand.Offset, operand, key);
            }
            else if (Current.Is("."))
            {
                Enter();
                _next++;
                Token name = Take();
                if (name.Kind != TokenKind.Name || !Current.Is("("))
                {
                    throw new LanguageException(name.Offset, $"Expected the name of a method and its arguments after '.', found {name}.");
                }

                operand = new Call(name.Offset, name.Text, operand, ParseArguments());
            }
            else
            {
                _depth = depth;
                return operand;
            }
        }
    }

    private List<Expression> ParseArguments()
    {
        Expect("(");
        return ParseItems(")");
    }

    private List<Expression> ParseItems(string close)
    {
        var items = new List<Expression>();
        while (!Current.Is(close))
        {
            items.Add(Nested(() => ParseBinary(1)));
            if (!Current.Is(close))
            {
                Expect(",");
            }
        }

        _next++;
        return items;
    }

    private static Literal ParseNumber(Token token, int offset, bool negative)
    {
        string text = negative ? "-" + token.Text : token.Text;
        if (token.Kind == TokenKind.Decimal)
        {
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
                ? new Literal(offset, AttributeType.Double, text, BitConverter.DoubleToInt64Bits(number))
                : throw new LanguageException(offset, $"{text} is out of the range of DOUBLE.");
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long integer)
            ? new Literal(offset, AttributeType.Int64, text, integer)
            : throw new LanguageException(offset, $"{text} is out of the range of INT64.");
    }

    private Token Take() => _tokens[_tokens[_next].Kind == TokenKind.End ? _next : _next++];

    private void Expect(string sign)
    {
        Token token = Take();
        if (!token.Is(sign))
        {
            throw new LanguageException(token.Offset, $"Expected '{sign}', found {token}.");
        }
    }

    private Expression Nested(Func<Expression> parse)
    {
        Enter();
        Expression expression = parse();
        _depth--;
        return expression;
    }

    private void Enter()
    {
        if (++_depth > MaxDepth)
        {
            throw new LanguageException(Current.Offset, $"The expression nests deeper than {MaxDepth} levels.");
        }
    }
}
