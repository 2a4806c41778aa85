using System.Diagnostics.CodeAnalysis;
using System.Text;
using FastMixer.Policy.Language.Compilation;
using FastMixer.Policy.Language.Evaluation;
using FastMixer.Policy.Language.References;
using FastMixer.Policy.Language.Syntax;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Language.Explanation;

/// <summary>A look-up that was made, as tools show it.</summary>
/// <param name="Name">The attribute.</param>
/// <param name="Key">The key of a map, or null for the whole attribute.</param>
/// <param name="Present">Whether something was found.</param>
public sealed record LookedUp(string Name, string? Key, bool Present)
{
    /// <summary>All look-ups that a recorder holds, in the order of their names.</summary>
    /// <param name="recorder">The recorder.</param>
    public static IReadOnlyList<LookedUp> All(ReferenceRecorder recorder)
    {
        var all = new List<LookedUp>();
        foreach (Reference reference in recorder)
        {
            all.Add(new LookedUp(
                recorder.Table!.Vocabulary[reference.Slot].Name, reference.HasKey ? Encoding.UTF8.GetString(reference.Key) : null, reference.Present));
        }

        return [.. all.OrderBy(one => one.Name, StringComparer.Ordinal).ThenBy(one => one.Key, StringComparer.Ordinal)];
    }
}

/// <summary>What an expression came to for one request. Immutable.</summary>
/// <param name="Value">Its value, or null after an error.</param>
/// <param name="Error">The error, or null.</param>
/// <param name="Referenced">What was looked up.</param>
public sealed record ProbeResult(ExpressionValue? Value, string? Error, IReadOnlyList<LookedUp> Referenced);

/// <summary>
/// An expression under examination: compiled as in a policy, and part by part, so that a person can be shown what each part comes to. For tools;
/// allocates. Not thread-safe.
/// </summary>
public sealed class ExpressionProbe
{
    private readonly ReferenceTable _references;
    private readonly Compiler _compiler;
    private readonly Expression _parsed;
    private readonly TypedNode _whole;

    private ExpressionProbe(string text, Vocabulary vocabulary)
    {
        _references = new ReferenceTable(vocabulary);
        _compiler = new Compiler(_references);
        _parsed = Parser.Parse(text);
        _whole = _compiler.Compile(_parsed);
    }

    /// <summary>The type of its values.</summary>
    public AttributeType Type => _whole.Type;

    /// <summary>Compiles an expression.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="vocabulary">The attributes it may name.</param>
    /// <param name="probe">The expression.</param>
    /// <param name="problem">What is wrong with it.</param>
    /// <returns>False if it is wrong.</returns>
    public static bool TryCompile(
        string text, Vocabulary vocabulary, [NotNullWhen(true)] out ExpressionProbe? probe, [NotNullWhen(false)] out LanguageProblem? problem)
    {
        try
        {
            probe = new ExpressionProbe(text, vocabulary);
            problem = null;
            return true;
        }
        catch (LanguageException exception)
        {
            probe = null;
            problem = exception.Problem;
            return false;
        }
    }

    /// <summary>Evaluates it.</summary>
    /// <param name="attributes">The request's.</param>
    public ProbeResult Evaluate(AttributeBag attributes)
    {
        using var context = new EvaluationContext();
        context.Reset(attributes, _references);
        Outcome outcome = ValueReader.Evaluate(_whole, context, out ExpressionValue? value);
        return new ProbeResult(
            value, outcome == Outcome.Value ? null : context.Error.Describe(_references.Vocabulary), LookedUp.All(context.References));
    }

    /// <summary>Evaluates each part of it that an evaluation of the whole would get to.</summary>
    /// <param name="attributes">The request's.</param>
    public TraceNode Trace(AttributeBag attributes) => Trace(_parsed, fallback: false, attributes);

    private TraceNode Trace(Expression expression, bool fallback, AttributeBag attributes)
    {
        if (expression is ListOf list)
        {
            return new TraceNode(ExpressionPrinter.Print(list), list.Offset, Outcome.Value, null, null, []);
        }

        // In a context of its own, so that parts do not see each other's errors; compiling adds look-ups, so before the reset.
        TypedNode node = _compiler.Compile(expression, fallback);
        using var context = new EvaluationContext();
        context.Reset(attributes, _references);
        Outcome outcome = ValueReader.Evaluate(node, context, out ExpressionValue? value);
        string? error = outcome == Outcome.Value ? null : context.Error.Describe(_references.Vocabulary);
        return new TraceNode(ExpressionPrinter.Print(expression), expression.Offset, outcome, value, error, TraceParts(expression, fallback, attributes));
    }

    private List<TraceNode> TraceParts(Expression expression, bool fallback, AttributeBag attributes) => expression switch
    {
        IndexOf index => TraceWhile(index is { Key: Literal } ? [index.Map] : [index.Map, index.Key], _ => fallback, part => !part.IsFailed, attributes),
        Call { Receiver: null, Function: "&&" } call => TraceWhile(call.Arguments, _ => false, part => part.Value?.Value is true, attributes),
        Call { Receiver: null, Function: "||" } call => TraceWhile(call.Arguments, _ => false, part => part.Value?.Value is false, attributes),
        Call { Receiver: null, Function: "|" } call =>
            TraceWhile(call.Arguments, i => fallback || i < call.Arguments.Count - 1, part => part.Outcome == Outcome.Absent, attributes),
        Call { Receiver: null, Function: "has" } call => TraceWhile(call.Arguments, _ => true, _ => true, attributes),
        Call { Receiver: null, Function: "conditional" } call => TraceConditional(call, attributes),
        Call call => TraceWhile(
            call.Receiver is null ? call.Arguments : [call.Receiver, .. call.Arguments], _ => false, part => !part.IsFailed, attributes),
        _ => [],
    };

    private List<TraceNode> TraceWhile(
        IReadOnlyList<Expression> parts, Func<int, bool> isFallback, Func<TraceNode, bool> goesOn, AttributeBag attributes)
    {
        var traced = new List<TraceNode>(parts.Count);
        bool going = true;
        for (int i = 0; i < parts.Count; i++)
        {
            traced.Add(going ? Trace(parts[i], isFallback(i), attributes) : Skipped(parts[i]));
            going = going && goesOn(traced[i]);
        }

        return traced;
    }

    private List<TraceNode> TraceConditional(Call call, AttributeBag attributes)
    {
        TraceNode condition = Trace(call.Arguments[0], fallback: false, attributes);
        TraceNode Branch(int argument, bool chosen) =>
            condition.Value?.Value is bool flag && flag == chosen ? Trace(call.Arguments[argument], false, attributes) : Skipped(call.Arguments[argument]);
        return [condition, Branch(1, true), Branch(2, false)];
    }

    private static TraceNode Skipped(Expression expression) => new(ExpressionPrinter.Print(expression), expression.Offset, null, null, null, []);
}
