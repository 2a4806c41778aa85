using System.Text;
using System.Text.RegularExpressions;
using FastMixer.Policy.Language.Evaluation;
using FastMixer.Policy.Language.References;
using FastMixer.Policy.Language.Syntax;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Language.Compilation;

/// <summary>
/// Checks the types of a parsed expression and makes nodes of it (spec/language.md). What needs no request is evaluated here, so that a bad
/// constant is a problem of the configuration. One compiler serves all expressions of a snapshot: they share its table of look-ups.
/// </summary>
internal sealed class Compiler(ReferenceTable references)
{
    /// <summary>Whether expressions may name what a generator gives: <c>$out.field</c>.</summary>
    public bool ReadsOutputs { get; init; }

    private Vocabulary Vocabulary => references.Vocabulary;

    /// <summary>Compiles a text.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="wanted">The type that is wanted, if there is one: the expression may still come out as another.</param>
    /// <exception cref="LanguageException">It is no expression, or its types do not fit.</exception>
    public TypedNode Compile(string text, AttributeType wanted = AttributeType.Unspecified) => Compile(Parser.Parse(text), wanted);

    /// <summary>The type of an attribute.</summary>
    /// <returns>False if it is unknown.</returns>
    public bool TryFindType(string attribute, out AttributeType type)
    {
        bool found = Vocabulary.TryGetSlot(attribute, out int slot);
        type = found ? Vocabulary[slot].Type : default;
        return found;
    }

    /// <summary>What is said of an attribute that is unknown.</summary>
    public string UnknownAttribute(string name) =>
        $"Unknown attribute \"{name}\"."
        + Suggestion.For(name, Vocabulary.Definitions.Select(definition => definition.Name).Where(known => ReadsOutputs || !OutputNames.IsOutput(known)));

    /// <summary>Compiles a parsed expression.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="wanted">The type that is wanted, if there is one: the expression may still come out as another.</param>
    /// <exception cref="LanguageException">Its types do not fit.</exception>
    public TypedNode Compile(Expression expression, AttributeType wanted = AttributeType.Unspecified)
    {
        TypedNode node = CompileAs(wanted, expression, fallback: false);
        return node.Type == AttributeType.StringMap ? Whole(node, expression) : node;
    }

    /// <summary>Compiles a part of an expression.</summary>
    /// <param name="expression">The part.</param>
    /// <param name="fallback">Whether a pipe stands behind it, so that a key that a map lacks is absent, and not empty.</param>
    /// <exception cref="LanguageException">Its types do not fit.</exception>
    public TypedNode Compile(Expression expression, bool fallback) => expression switch
    {
        Literal literal => CompileLiteral(literal),
        AttributeName name => CompileAttribute(name),
        IndexOf index => CompileIndex(index, fallback),
        Call { Receiver: null, Function: "|" } pipe => CompilePipe(pipe, fallback),
        Call call => ConstantFolding.Fold(CompileCall(call), call, references),
        _ => throw new LanguageException(expression.Offset, "A list may stand only on the right of 'in'."),
    };

    // A string that reads as a duration is one, except where only a STRING can stand: "0" is a label's value as well.
    private TypedNode CompileAs(AttributeType wanted, Expression expression, bool fallback) =>
        wanted == AttributeType.String && expression is Literal { Type: AttributeType.Duration } text
            ? CompileLiteral(text with { Type = AttributeType.String })
            : Compile(expression, fallback);

    private (TypedNode First, TypedNode Second) CompilePair(Expression first, Expression second)
    {
        TypedNode left = Compile(first, fallback: false);
        TypedNode right = CompileAs(left.Type, second, fallback: false);
        return ((left.Type, right.Type) is (AttributeType.Duration, AttributeType.String) ? CompileAs(right.Type, first, fallback: false) : left, right);
    }

    // Who takes a map as a whole depends on all of it, and has() on its being there.
    private TypedNode Whole(TypedNode map, Expression expression) =>
        map with { Node = new WholeMap(map.Map, MapSlots(expression).Distinct().ToDictionary(slot => slot, slot => references.Add(slot))) };

    private static TypedNode CompileLiteral(Literal literal) => literal.Type switch
    {
        AttributeType.String => new TypedNode(literal.Type, new ConstantBytes(Encoding.UTF8.GetBytes(literal.Text))),
        AttributeType.Bool => new TypedNode(literal.Type, new Constant<bool>(literal.Number != 0)),
        AttributeType.Double => new TypedNode(literal.Type, new Constant<double>(BitConverter.Int64BitsToDouble(literal.Number))),
        _ => new TypedNode(literal.Type, new Constant<long>(literal.Number)),
    };

    private TypedNode CompileAttribute(AttributeName name)
    {
        if (!Vocabulary.TryGetSlot(name.Name, out int slot))
        {
            throw new LanguageException(name.Offset, UnknownAttribute(name.Name));
        }

        if (!ReadsOutputs && OutputNames.IsOutput(name.Name))
        {
            throw new LanguageException(name.Offset, $"\"{name.Name}\" may stand only in attributeBindings.");
        }

        AttributeType type = Vocabulary[slot].Type;
        int reference = references.Add(slot);
        return new TypedNode(type, type switch
        {
            AttributeType.Int64 or AttributeType.Timestamp or AttributeType.Duration => new Int64Attribute(slot, reference),
            AttributeType.Double => new DoubleAttribute(slot, reference),
            AttributeType.Bool => new BoolAttribute(slot, reference),
            AttributeType.StringMap => new MapAttribute(slot, reference),
            _ => new BytesAttribute(slot, reference),
        });
    }

    private TypedNode CompileIndex(IndexOf index, bool fallback)
    {
        TypedNode map = Compile(index.Map, fallback);
        Expect(map, AttributeType.StringMap, index.Map.Offset, "Only a STRING_MAP has keys");
        TypedNode key = CompileAs(AttributeType.String, index.Key, fallback);
        Expect(key, AttributeType.String, index.Key.Offset, "A key of a STRING_MAP");
        if (key.Node is ConstantBytes constant)
        {
            string text = Encoding.UTF8.GetString(constant.Bytes);
            var keyReferences = MapSlots(index.Map).Distinct().ToDictionary(slot => slot, slot => references.Add(slot, text));
            return new TypedNode(AttributeType.String, new ConstantIndex(map.Map, constant.Bytes, keyReferences, fallback));
        }

        return new TypedNode(AttributeType.String, new ComputedIndex(map.Map, key.Bytes, fallback));
    }

    // The map attributes that an expression of type STRING_MAP can come out as.
    private IEnumerable<int> MapSlots(Expression map) => map switch
    {
        AttributeName name when Vocabulary.TryGetSlot(name.Name, out int slot) => [slot],
        Call call => call.Arguments.SelectMany(MapSlots).Where(slot => Vocabulary[slot].Type == AttributeType.StringMap),
        _ => [],
    };

    private TypedNode CompilePipe(Call pipe, bool fallback)
    {
        var operands = new TypedNode[pipe.Arguments.Count];
        for (int i = 0; i < operands.Length; i++)
        {
            bool isLast = i == operands.Length - 1;
            operands[i] = CompileAs(i == 0 ? AttributeType.Unspecified : operands[0].Type, pipe.Arguments[i], fallback || !isLast);
            if (operands[i].Type != operands[0].Type)
            {
                throw new LanguageException(
                    pipe.Arguments[i].Offset,
                    $"Both sides of '|' must have the same type: expected {operands[0].Type.Name()}, found {operands[i].Type.Name()}.");
            }
        }

        return Balance<TypedNode>(operands, static (left, right) => left.Map2(right, new PipeBuilder()));
    }

    // A chain of n operands as a tree of depth log n, so that a long one does not exhaust the stack.
    private static T Balance<T>(ReadOnlySpan<T> operands, Func<T, T, T> join) => operands.Length == 1
        ? operands[0]
        : join(Balance(operands[..(operands.Length / 2)], join), Balance(operands[(operands.Length / 2)..], join));

    private TypedNode CompileCall(Call call) => call.Function switch
    {
        "==" or "!=" or "<" or "<=" or ">" or ">=" when call.Receiver is null => CompileComparison(call),
        "&&" => CompileLogic(call, static (left, right) => new And(left, right)),
        "||" => CompileLogic(call, static (left, right) => new Or(left, right)),
        "!" => new TypedNode(AttributeType.Bool, new Not(CompileBool(call.Arguments[0], "The operand of '!'"))),
        "-" when call.Arguments.Count == 1 => CompileNegation(call),
        "+" or "-" or "*" or "/" or "%" => CompileArithmetic(call),
        "in" => CompileIn(call),
        "has" => CompileHas(call),
        "conditional" or "conditionalString" => CompileConditional(call),
        "matches" => CompileMatches(call),
        _ => CompileFunction(call),
    };

    private TypedNode CompileComparison(Call call)
    {
        (TypedNode left, TypedNode right) = CompilePair(call.Arguments[0], call.Arguments[1]);
        RequireSameType(call, left, right, call.Arguments[1].Offset);
        return OperatorTable.Compare(call.Function, left, right) is { } node
            ? new TypedNode(AttributeType.Bool, node)
            : throw new LanguageException(call.Offset, $"{left.Type.Name()} values cannot be compared with '{call.Function}'.");
    }

    private static void RequireSameType(Call call, TypedNode left, TypedNode right, int offset)
    {
        if (left.Type != right.Type)
        {
            bool isDurationText = (left.Type, right.Type) is (AttributeType.String, AttributeType.Duration)
                || (left.Type, right.Type) is (AttributeType.Duration, AttributeType.String);
            string hint = isDurationText ? " A string that reads as a duration, such as \"5m\" or \"0\", is a DURATION unless it stands beside a STRING." : "";
            throw new LanguageException(
                offset,
                $"Both sides of '{call.Function}' must have the same type: expected {left.Type.Name()}, found {right.Type.Name()}.{hint}");
        }
    }

    private TypedNode CompileLogic(Call call, Func<Node<bool>, Node<bool>, Node<bool>> join)
    {
        var operands = new Node<bool>[call.Arguments.Count];
        for (int i = 0; i < operands.Length; i++)
        {
            operands[i] = CompileBool(call.Arguments[i], $"The {(i == 0 ? "left" : "right")} side of '{call.Function}'");
        }

        return new TypedNode(AttributeType.Bool, Balance<Node<bool>>(operands, join));
    }

    private Node<bool> CompileBool(Expression expression, string what)
    {
        TypedNode node = Compile(expression, fallback: false);
        Expect(node, AttributeType.Bool, expression.Offset, what);
        return node.Bool;
    }

    private TypedNode CompileNegation(Call call)
    {
        TypedNode operand = Compile(call.Arguments[0], fallback: false);
        return operand.Type switch
        {
            AttributeType.Int64 or AttributeType.Duration => operand with { Node = new Unary<long, long, Negate>(operand.Int64) },
            AttributeType.Double => operand with { Node = new Unary<double, double, NegateDouble>(operand.Double) },
            _ => throw new LanguageException(call.Offset, $"'-' needs an INT64, DOUBLE or DURATION, found {operand.Type.Name()}."),
        };
    }

    private TypedNode CompileArithmetic(Call call)
    {
        (TypedNode left, TypedNode right) = CompilePair(call.Arguments[0], call.Arguments[1]);
        return OperatorTable.Calculate(call.Function, left, right)
            ?? throw new LanguageException(call.Offset, $"'{call.Function}' does not take {left.Type.Name()} and {right.Type.Name()}.");
    }

    private TypedNode CompileIn(Call call)
    {
        if (call.Arguments[1] is not ListOf { Items.Count: > 0 } list)
        {
            throw new LanguageException(call.Arguments[1].Offset, "'in' needs a list of at least one value on its right, such as [\"a\", \"b\"].");
        }

        TypedNode wanted = CompilePair(call.Arguments[0], list.Items[0]).First;
        var items = new TypedNode[list.Items.Count];
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = CompileAs(wanted.Type, list.Items[i], fallback: false);
            RequireSameType(call, wanted, items[i], list.Items[i].Offset);
        }

        return OperatorTable.IsIn(wanted, items) is { } node
            ? new TypedNode(AttributeType.Bool, node)
            : throw new LanguageException(call.Offset, $"{wanted.Type.Name()} values cannot be compared with 'in'.");
    }

    private TypedNode CompileHas(Call call)
    {
        if (call is not { Receiver: null, Arguments: [AttributeName or IndexOf] })
        {
            throw new LanguageException(call.Offset, "has() needs one attribute, or one key of a map, such as has(request.headers[\"cookie\"]).");
        }

        TypedNode operand = Compile(call.Arguments[0], fallback: true);
        return new TypedNode(AttributeType.Bool, operand.Type switch
        {
            AttributeType.Bool => new Has<bool>(operand.Bool),
            AttributeType.Int64 or AttributeType.Timestamp or AttributeType.Duration => new Has<long>(operand.Int64),
            AttributeType.Double => new Has<double>(operand.Double),
            AttributeType.StringMap => new Has<MapValue>(Whole(operand, call.Arguments[0]).Map),
            _ => new Has<ReadOnlySpan<byte>>(operand.Bytes),
        });
    }

    private TypedNode CompileConditional(Call call)
    {
        if (call is not { Receiver: null, Arguments.Count: 3 })
        {
            throw new LanguageException(call.Offset, $"{call.Function}() needs three arguments: a BOOL and two values of the same type.");
        }

        Node<bool> condition = CompileBool(call.Arguments[0], $"The first argument of {call.Function}()");
        bool isEager = call.Function == "conditionalString";
        (TypedNode whenTrue, TypedNode whenFalse) = isEager
            ? (CompileAs(AttributeType.String, call.Arguments[1], fallback: false), CompileAs(AttributeType.String, call.Arguments[2], fallback: false))
            : CompilePair(call.Arguments[1], call.Arguments[2]);
        AttributeType expected = isEager ? AttributeType.String : whenTrue.Type;
        Expect(whenTrue, expected, call.Arguments[1].Offset, $"The second argument of {call.Function}()");
        Expect(whenFalse, expected, call.Arguments[2].Offset, $"The third argument of {call.Function}()");
        return whenTrue.Map2(whenFalse, new ConditionalBuilder(condition, isEager));
    }

    private TypedNode CompileMatches(Call call)
    {
        if (call is not { Receiver: not null, Arguments.Count: 1 })
        {
            throw new LanguageException(call.Offset, "matches() is called as \"regular expression\".matches(subject).");
        }

        TypedNode pattern = CompileAs(AttributeType.String, call.Receiver, fallback: false);
        Expect(pattern, AttributeType.String, call.Receiver.Offset, "The regular expression before .matches()");
        TypedNode subject = CompileAs(AttributeType.String, call.Arguments[0], fallback: false);
        Expect(subject, AttributeType.String, call.Arguments[0].Offset, "The subject of matches()");
        if (pattern.Node is not ConstantBytes constant)
        {
            return new TypedNode(AttributeType.Bool, new ComputedRegexMatch(pattern.Bytes, subject.Bytes));
        }

        Regex regex = LinearRegex.TryCreate(Encoding.UTF8.GetString(constant.Bytes), out string problem)
            ?? throw new LanguageException(call.Receiver.Offset, $"No regular expression: {problem}");
        return new TypedNode(AttributeType.Bool, new ConstantRegexMatch(regex, subject.Bytes));
    }

    private TypedNode CompileFunction(Call call)
    {
        Function function = FunctionTable.Find(call.Function, call.Receiver is not null)
            ?? throw new LanguageException(
                call.Offset, $"Unknown function \"{call.Function}\".{Suggestion.For(call.Function, FunctionTable.Names)}");
        List<Expression> arguments = call.Receiver is null ? [.. call.Arguments] : [call.Receiver, .. call.Arguments];
        if (function.IsMethod != call.Receiver is not null || arguments.Count != function.Arguments.Length)
        {
            throw new LanguageException(call.Offset, $"{call.Function}() is called as {function.Signature}; found {arguments.Count} values.");
        }

        var nodes = new TypedNode[arguments.Count];
        for (int i = 0; i < nodes.Length; i++)
        {
            nodes[i] = CompileAs(function.Arguments[i], arguments[i], fallback: false);
            Expect(nodes[i], function.Arguments[i], arguments[i].Offset, $"{function.Signature}: value {i + 1}");
        }

        return new TypedNode(function.Result, function.Create(nodes));
    }

    private static void Expect(TypedNode node, AttributeType expected, int offset, string what)
    {
        if (node.Type != expected)
        {
            throw new LanguageException(offset, $"{what}: expected {expected.Name()}, found {node.Type.Name()}.");
        }
    }
}
