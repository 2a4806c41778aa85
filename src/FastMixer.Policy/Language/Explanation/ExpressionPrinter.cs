using System.Text;
using FastMixer.Policy.Language.Syntax;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Language.Explanation;

/// <summary>Writes a parsed expression as text that parses to the same, with brackets where they are needed.</summary>
internal static class ExpressionPrinter
{
    private const int Highest = 7;

    /// <summary>The text.</summary>
    public static string Print(Expression expression)
    {
        var text = new StringBuilder();
        Append(text, expression, lowest: 0);
        return text.ToString();
    }

    private static void Append(StringBuilder text, Expression expression, int lowest)
    {
        switch (expression)
        {
            case Literal literal:
                text.Append(literal.Type is AttributeType.String or AttributeType.Duration ? Quote(literal.Text) : literal.Text);
                break;
            case AttributeName attribute:
                text.Append(attribute.Name);
                break;
            case IndexOf index:
                Append(text, index.Map, Highest);
                Append(text.Append('['), index.Key, 0);
                text.Append(']');
                break;
            case ListOf list:
                AppendItems(text, '[', list.Items, ']');
                break;
            case Call call:
                AppendCall(text, call, lowest);
                break;
        }
    }

    private static void AppendCall(StringBuilder text, Call call, int lowest)
    {
        int precedence = Precedence(call);
        if (precedence == Highest)
        {
            if (call.Receiver is not null)
            {
                Append(text, call.Receiver, Highest);
                text.Append('.');
            }

            AppendItems(text.Append(call.Function), '(', call.Arguments, ')');
            return;
        }

        bool bracketed = precedence < lowest;
        text.Append(bracketed ? "(" : "");
        if (call.Arguments.Count == 1)
        {
            Append(text.Append(call.Function), call.Arguments[0], precedence);
        }
        else
        {
            // To the left, so that an operand on the right of its own level needs brackets.
            Append(text, call.Arguments[0], precedence);
            foreach (Expression argument in call.Arguments.Skip(1))
            {
                Append(text.Append(' ').Append(call.Function).Append(' '), argument, precedence + 1);
            }
        }

        text.Append(bracketed ? ")" : "");
    }

    private static void AppendItems(StringBuilder text, char open, IReadOnlyList<Expression> items, char close)
    {
        text.Append(open);
        for (int i = 0; i < items.Count; i++)
        {
            Append(text.Append(i == 0 ? "" : ", "), items[i], 0);
        }

        text.Append(close);
    }

    private static int Precedence(Call call) => call.Receiver is not null
        ? Highest
        : call.Function switch
        {
            "||" => 1,
            "&&" => 2,
            "==" or "!=" or "<" or "<=" or ">" or ">=" or "in" => 3,
            "-" when call.Arguments.Count == 1 => 6,
            "|" or "+" or "-" => 4,
            "*" or "/" or "%" => 5,
            "!" => 6,
            _ => Highest,
        };

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char letter in text)
        {
            _ = letter switch
            {
                '"' or '\\' => quoted.Append('\\').Append(letter),
                '\n' => quoted.Append("\\n"),
                '\t' => quoted.Append("\\t"),
                '\r' => quoted.Append("\\r"),
                < ' ' or '\u007f' => quoted.Append($"\\x{(int)letter:x2}"),
                _ => quoted.Append(letter),
            };
        }

        return quoted.Append('"').ToString();
    }
}
