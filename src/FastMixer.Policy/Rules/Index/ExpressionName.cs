using System.Globalization;
using System.Text;
using FastMixer.Policy.Language.Syntax;

namespace FastMixer.Policy.Rules.Index;

/// <summary>Writes expressions in one way only: two that have the same name compute the same.</summary>
internal static class ExpressionName
{
    /// <summary>The name of an expression, whatever blanks, brackets and quotes it was written with.</summary>
    public static string Of(Expression expression)
    {
        var name = new StringBuilder();
        Append(name, expression);
        return name.ToString();
    }

    private static void Append(StringBuilder name, Expression expression)
    {
        switch (expression)
        {
            case Literal literal:
                name.Append(CultureInfo.InvariantCulture, $"{literal.Type}:{literal.Number}:{literal.Text.Length}:{literal.Text}");
                break;
            case AttributeName attribute:
                name.Append(attribute.Name);
                break;
            case IndexOf index:
                AppendCall(name, "[]", [index.Map, index.Key]);
                break;
            case Call call:
                AppendCall(name, call.Receiver is null ? call.Function : "." + call.Function, call.Receiver is null ? call.Arguments : [call.Receiver, .. call.Arguments]);
                break;
            case ListOf list:
                AppendCall(name, "list", list.Items);
                break;
        }
    }

    private static void AppendCall(StringBuilder name, string function, IReadOnlyList<Expression> arguments)
    {
        name.Append(function).Append('(');
        foreach (Expression argument in arguments)
        {
            Append(name, argument);
            name.Append(',');
        }

        name.Append(')');
    }
}
