using FastMixer.Engine.Diagnostics;
using FastMixer.Engine.Handlers;
using FastMixer.Policy.Language.Evaluation;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Buffers;
using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;

namespace FastMixer.Engine.Checks;

/// <summary>
/// Gathers the rules that match one check and change headers, and computes what they ask for once the request is known to be allowed. Reused; no
/// allocation once grown; a check that meets no such rule does not touch it.
/// </summary>
internal sealed class DirectiveBuilder : IDisposable
{
    private readonly PooledBuffer _values = new();
    private Rule[] _rules = [];
    private Operation[] _operations = [];
    private int _ruleCount;
    private int _requestCount;
    private int _responseCount;

    /// <summary>Whether there is an operation.</summary>
    public bool HasOperations => _requestCount + _responseCount > 0;

    /// <summary>Whether a rule is there whose operations are to be computed.</summary>
    public bool HasRules => _ruleCount > 0;

    /// <summary>Begins anew.</summary>
    public void Reset()
    {
        _ruleCount = 0;
        _requestCount = 0;
        _responseCount = 0;
        _values.Reset();
    }

    /// <summary>Adds a rule that matches.</summary>
    public void Add(Rule rule)
    {
        if (_ruleCount == _rules.Length)
        {
            Array.Resize(ref _rules, Math.Max(8, _rules.Length * 2));
        }

        _rules[_ruleCount++] = rule;
    }

    /// <summary>Computes the operations of the rules, in their order. One without a value that its header may have is left out, and counted.</summary>
    /// <param name="context">The request's.</param>
    /// <param name="counters">Counts.</param>
    /// <returns>False if there are more than a directive holds.</returns>
    public bool TryCompute(EvaluationContext context, EngineCounters counters)
    {
        for (int i = 0; i < _ruleCount; i++)
        {
            Rule rule = _rules[i];
            for (int j = 0; j < rule.HeaderOperations.Count; j++)
            {
                bool computed = rule.HeaderOperations[j].TryEvaluate(context, out ReadOnlySpan<byte> value);
                if (!computed)
                {
                    counters.CountError(rule, RuleError.HeaderOperation);
                }
                else if (!TryAdd(rule.HeaderOperations[j], value))
                {
                    return false;
                }

                context.ReleaseScratch();
            }
        }

        return true;
    }

    /// <summary>Writes the operations as a directive. No allocation.</summary>
    public void Write(ref WireWriter writer)
    {
        VerdictWriter.WriteDirective(ref writer, httpStatus: 0, default, _requestCount);
        WriteOperations(ref writer, ofRequest: true);
        VerdictWriter.WriteOperationCount(ref writer, _responseCount);
        WriteOperations(ref writer, ofRequest: false);
    }

    /// <summary>Writes a direct response as a directive. No allocation.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="response">The response.</param>
    /// <param name="status">The denial's status.</param>
    public static void Write(ref WireWriter writer, DirectHttpResponse response, StatusCode status)
    {
        int code = response.HttpStatus == 0 ? status.ToHttpStatus() : response.HttpStatus;
        VerdictWriter.WriteDirective(ref writer, code, response.Utf8Body.Span, requestOperations: 0);
        VerdictWriter.WriteOperationCount(ref writer, response.Headers.Length);
        foreach (ref readonly DirectHttpResponse.Header header in response.Headers)
        {
            VerdictWriter.WriteOperation(ref writer, header.Kind, header.Utf8Name.Span, header.Utf8Value.Span);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _values.Dispose();

    private bool TryAdd(RuleHeaderOperation operation, ReadOnlySpan<byte> value)
    {
        int count = _requestCount + _responseCount;
        if (count == RouteDirective.MaxOperations)
        {
            return false;
        }

        if (count == _operations.Length)
        {
            Array.Resize(ref _operations, Math.Max(8, _operations.Length * 2));
        }

        _operations[count] = new Operation(operation, _values.Length, value.Length);
        _values.Write(value);
        _requestCount += operation.IsRequest ? 1 : 0;
        _responseCount += operation.IsRequest ? 0 : 1;
        return true;
    }

    private void WriteOperations(ref WireWriter writer, bool ofRequest)
    {
        foreach (ref readonly Operation operation in _operations.AsSpan(0, _requestCount + _responseCount))
        {
            if (operation.Definition.IsRequest == ofRequest)
            {
                ReadOnlySpan<byte> value = _values.Written.Slice(operation.Offset, operation.Length);
                VerdictWriter.WriteOperation(ref writer, operation.Definition.Kind, operation.Definition.Utf8Name.Span, value);
            }
        }
    }

    private readonly record struct Operation(RuleHeaderOperation Definition, int Offset, int Length);
}
