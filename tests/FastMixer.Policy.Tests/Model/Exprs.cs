using System.Globalization;
using FastMixer.Policy.Tests.Support;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Tests.Model;

internal sealed record Lit(AttributeType Type, object Value) : Expr(Type)
{
    public override string Text => Type == AttributeType.Duration ? Evaluated.Quote(Values.Show(Type, Value)) : Values.Show(Type, Value);

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
        return Values.Compare(Left.Type, Sign, left, right);
    }
}

internal sealed record Calculate(AttributeType Type, string Sign, Expr Left, Expr Right) : Expr(Type)
{
    public override string Text => $"({Left} {Sign} {Right})";

    public override object Walk(World world, bool fallback)
    {
        (object left, object right) = (Left.Strict(world), Right.Strict(world));
        return left switch
        {
            string text => text + (string)right,
            double number => OfDoubles(number, (double)right),
            _ => OfIntegers((long)left, (long)right),
        };
    }

    private double OfDoubles(double left, double right) => Sign switch { "+" => left + right, "-" => left - right, "*" => left * right, _ => left / right };

    private long OfIntegers(Int128 left, Int128 right)
    {
        if (right == 0 && Sign is "/" or "%" && right == 0)
        {
            throw new EvaluationFailed("division by zero");
        }

        return Fit(Sign switch { "+" => left + right, "-" => left - right, "*" => left * right, "/" => left / right, _ => left % right });
    }

    public static long Fit(Int128 result) => result >= long.MinValue && result <= long.MaxValue
        ? (long)result
        : throw new EvaluationFailed("the result is out of the range of 64 bits");
}

internal sealed record In(Expr Wanted, IReadOnlyList<Expr> Items) : Expr(AttributeType.Bool)
{
    public override string Text => $"({Wanted} in [{string.Join(", ", Items)}])";

    public override object Walk(World world, bool fallback)
    {
        object wanted = Wanted.Strict(world);
        return Items.Any(item => Values.AreEqual(Wanted.Type, wanted, item.Strict(world)));
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

/// <summary>Functions and methods, carried out over .NET values.</summary>
internal sealed record Function(AttributeType Type, string Form, Func<object[], object> Apply, IReadOnlyList<Expr> Arguments) : Expr(Type)
{
    public override string Text => string.Format(CultureInfo.InvariantCulture, Form, [.. Arguments.Select(argument => argument.Text)]);

    public override object Walk(World world, bool fallback) => Apply([.. Arguments.Select(argument => argument.Strict(world))]);
}
