using FastMixer.Policy.Language.Compilation;
using FastMixer.Policy.Language.Evaluation;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Rules;

/// <summary>An attribute that is added to a request, and the expression for its value. Immutable.</summary>
public sealed class AttributeBinding
{
    private readonly TypedNode _node;

    internal AttributeBinding(int slot, TypedNode node)
    {
        Slot = slot;
        _node = node;
    }

    /// <summary>The attribute's slot.</summary>
    public int Slot { get; }

    /// <summary>Evaluates, and sets the attribute. No allocation.</summary>
    /// <param name="context">Of the request with the generator's outputs.</param>
    /// <param name="target">Where to set it.</param>
    /// <returns>False after an error, which the context tells.</returns>
    public bool TrySet(EvaluationContext context, AttributeBag target)
    {
        bool evaluated;
        switch (_node.Type)
        {
            case AttributeType.Bool:
                evaluated = _node.Bool.TryEvaluate(context, out bool flag);
                return evaluated && Set(target, flag ? 1 : 0);
            case AttributeType.Int64 or AttributeType.Timestamp or AttributeType.Duration:
                evaluated = _node.Int64.TryEvaluate(context, out long number);
                return evaluated && Set(target, number);
            case AttributeType.Double:
                evaluated = _node.Double.TryEvaluate(context, out double real);
                return evaluated && Set(target, BitConverter.DoubleToInt64Bits(real));
            case AttributeType.StringMap:
                evaluated = _node.Map.TryEvaluate(context, out MapValue map);
                if (evaluated)
                {
                    target.SetMap(Slot, context.Attributes, map.Slot);
                }

                return evaluated;
            default:
                evaluated = _node.Bytes.TryEvaluate(context, out ReadOnlySpan<byte> bytes);
                if (evaluated)
                {
                    target.SetBytes(Slot, bytes);
                }

                return evaluated;
        }
    }

    private bool Set(AttributeBag target, long number)
    {
        target.SetNumber(Slot, number);
        return true;
    }
}
