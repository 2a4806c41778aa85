using System.Globalization;
using System.Text;
using FastMixer.Policy.Tests.Support;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Tests.Model;

internal sealed record Lit(AttributeType Type, object Value) : Expr(Type)
{
    public override string Text => Value switch
    {
        string text => Evaluated.Quote(text),
        bool flag => flag ? "true" : "false",
        _ => ((long)Value).ToString(CultureInfo.InvariantCulture),
    };

    public override object Walk(World world, bool fallback) => Value;
}

internal sealed record Attr(AttributeType Type, string Name) : Expr(Type)
{
    public override string Text => Name;

    public override object Walk(World world, bool fallback) => Type == AttributeType.StringMap ? world.ReadMap(Name) : world.Read(Name);
}

internal sealed record EmptyMap() : Expr(AttributeType.StringMap)
{
    public override string Text => "emptyStringMap()";

    public override object Walk(World world, bool fallback) => new MapOf(null);
}

internal sealed record Index(Expr Map, Expr Key) : Expr(AttributeType.String)
{
    public override string Text => $"{Map}[{Key}]";

    public override object Walk(World world, bool fallback)
    {
        object map = Map.Walk(world, fallback);
        if (map is Missing)
        {
            return map;
        }

        object key = Key.Walk(world, fallback);
        return key is Missing ? key : world.ReadKey((MapOf)map, (string)key) ?? (fallback ? new Missing("a key") : (object)"");
    }
}

internal sealed record Pipe(IReadOnlyList<Expr> Operands) : Expr(Operands[0].Type)
{
    public override string Text => $"({string.Join(" | ", Operands)})";

    public override object Walk(World world, bool fallback)
    {
        foreach (Expr operand in Operands.SkipLast(1))
        {
            if (operand.Walk(world, fallback: true) is not Missing and { } value)
            {
                return value;
            }
        }

        return Operands[^1].Walk(world, fallback);
    }
}

internal sealed record Logic(string Sign, IReadOnlyList<Expr> Operands) : Expr(AttributeType.Bool)
{
    public override string Text => $"({string.Join($" {Sign} ", Operands)})";

    public override object Walk(World world, bool fallback)
    {
        bool decides = Sign == "||";
        foreach (Expr operand in Operands)
        {
            if ((bool)operand.Strict(world) == decides)
            {
                return decides;
            }
        }

        return !decides;
    }
}

internal sealed record Compare(string Sign, Expr Left, Expr Right) : Expr(AttributeType.Bool)
{
    public override string Text => $"({Left} {Sign} {Right})";

    public override object Walk(World world, bool fallback)
    {
        (object left, object right) = (Left.Strict(world), Right.Strict(world));
        int order = left switch
        {
            long number => number.CompareTo((long)right),
            bool flag => flag.CompareTo((bool)right),
            _ => Encoding.UTF8.GetBytes((string)left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes((string)right)),
        };
        return Sign switch { "==" => order == 0, "!=" => order != 0, "<" => order < 0, "<=" => order <= 0, ">" => order > 0, _ => order >= 0 };
    }
}

internal sealed record Calculate(string Sign, Expr Left, Expr Right) : Expr(Left.Type)
{
    public override string Text => $"({Left} {Sign} {Right})";

    public override object Walk(World world, bool fallback)
    {
        (object left, object right) = (Left.Strict(world), Right.Strict(world));
        if (left is string text)
        {
            return text + (string)right;
        }

        (Int128 first, Int128 second) = ((long)left, (long)right);
        if (second == 0 && Sign is "/" or "%" && second == 0)
        {
            throw new EvaluationFailed("division by zero");
        }

        Int128 result = Sign switch { "+" => first + second, "-" => first - second, "*" => first * second, "/" => first / second, _ => first % second };
        return result == (long)result || (result >= long.MinValue && result <= long.MaxValue)
            ? (long)result
            : throw new EvaluationFailed("the result is out of the range of 64 bits");
    }
}

internal sealed record In(Expr Wanted, IReadOnlyList<Expr> Items) : Expr(AttributeType.Bool)
{
    public override string Text => $"({Wanted} in [{string.Join(", ", Items)}])";

    public override object Walk(World world, bool fallback)
    {
        object wanted = Wanted.Strict(world);
        return Items.Any(item => item.Strict(world).Equals(wanted));
    }
}

internal sealed record Conditional(bool Eager, Expr Condition, Expr WhenTrue, Expr WhenFalse) : Expr(WhenTrue.Type)
{
    public override string Text => $"conditional{(Eager ? "String" : "")}({Condition}, {WhenTrue}, {WhenFalse})";

    public override object Walk(World world, bool fallback)
    {
        bool chosen = (bool)Condition.Strict(world);
        if (!Eager)
        {
            return (chosen ? WhenTrue : WhenFalse).Strict(world);
        }

        (object first, object second) = (WhenTrue.Strict(world), WhenFalse.Strict(world));
        return chosen ? first : second;
    }
}

internal sealed record Has(Expr Operand) : Expr(AttributeType.Bool)
{
    public override string Text => $"has({Operand})";

    public override object Walk(World world, bool fallback)
    {
        object value = Operand.Walk(world, fallback: true);
        if (value is MapOf map)
        {
            world.NoteWhole(map);
        }

        return value is not Missing;
    }
}

/// <summary>Functions and methods, carried out over .NET strings.</summary>
internal sealed record Function(AttributeType Type, string Form, Func<object[], object> Apply, IReadOnlyList<Expr> Arguments) : Expr(Type)
{
    public override string Text => string.Format(CultureInfo.InvariantCulture, Form, [.. Arguments.Select(argument => argument.Text)]);

    public override object Walk(World world, bool fallback) => Apply([.. Arguments.Select(argument => argument.Strict(world))]);
}
