using BenchmarkDotNet.Attributes;
using FastMixer.Policy.Language.Evaluation;

namespace FastMixer.Benchmarks.Expressions;

/// <summary>
/// One evaluation of a usual match, by the technique of the product (a tree of typed nodes) and by two others, over six requests that take every
/// way through it: the time is that of one evaluation. The claim: below 50 ns, nothing allocated, and no technique much faster.
/// </summary>
[MemoryDiagnoser]
public class ExpressionBenchmarks
{
    private const int RequestCount = 6;

    private readonly SampleExpression _sample = new();
    private EvaluationContext[] _requests = null!;
    private Node<bool> _nodes = null!;
    private Bytecode _bytecode = null!;
    private ExpressionTree.Evaluate _tree = null!;

    [GlobalSetup]
    public void Setup()
    {
        _requests = [.. _sample.Requests()];
        _nodes = _sample.Compiled;
        _bytecode = Bytecode.Compile(_sample);
        _tree = ExpressionTree.Compile(_sample);
        foreach (EvaluationContext request in _requests)
        {
            RequireSameOutcome(request);
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = RequestCount)]
    public int Nodes()
    {
        int matches = 0;
        foreach (EvaluationContext request in _requests)
        {
            matches += _nodes.TryEvaluate(request, out bool result) && result ? 1 : 0;
        }

        return matches;
    }

    [Benchmark(OperationsPerInvoke = RequestCount)]
    public int ByteCode()
    {
        int matches = 0;
        foreach (EvaluationContext request in _requests)
        {
            matches += _bytecode.TryEvaluate(request, out bool result) && result ? 1 : 0;
        }

        return matches;
    }

    [Benchmark(OperationsPerInvoke = RequestCount)]
    public int LinqExpressions()
    {
        int matches = 0;
        foreach (EvaluationContext request in _requests)
        {
            matches += _tree(request) == 1 ? 1 : 0;
        }

        return matches;
    }

    // Value, error and references: whoever does less is no alternative.
    private void RequireSameOutcome(EvaluationContext request)
    {
        (int, EvaluationError, int) nodes = Observe(request, () => _nodes.TryEvaluate(request, out bool result) ? (result ? 1 : 0) : -1);
        (int, EvaluationError, int) bytecode = Observe(request, () => _bytecode.TryEvaluate(request, out bool result) ? (result ? 1 : 0) : -1);
        (int, EvaluationError, int) tree = Observe(request, () => _tree(request));
        if (nodes != bytecode || nodes != tree)
        {
            throw new InvalidOperationException($"The techniques disagree: {nodes}, {bytecode}, {tree}.");
        }
    }

    private (int Result, EvaluationError Error, int References) Observe(EvaluationContext request, Func<int> evaluate)
    {
        request.Reset(request.Attributes, _sample.References);
        int result = evaluate();
        int references = 0;
        foreach (Policy.Language.References.Reference reference in request.References)
        {
            references = HashCode.Combine(references, reference.Slot, reference.HasKey, reference.Present);
        }

        return (result, result < 0 ? request.Error : default, references);
    }
}
