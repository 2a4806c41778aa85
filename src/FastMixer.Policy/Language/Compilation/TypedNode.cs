using FastMixer.Policy.Language.Evaluation;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Language.Compilation;

/// <summary>A compiled expression together with its type, which decides what kind of node it is.</summary>
/// <param name="Type">The type of its values.</param>
/// <param name="Node">A <see cref="Node{T}"/> of what carries the type.</param>
internal readonly record struct TypedNode(AttributeType Type, object Node)
{
    /// <summary>A BOOL.</summary>
    public Node<bool> Bool => (Node<bool>)Node;

    /// <summary>An INT64, TIMESTAMP or DURATION.</summary>
    public Node<long> Int64 => (Node<long>)Node;

    /// <summary>A DOUBLE.</summary>
    public Node<double> Double => (Node<double>)Node;

    /// <summary>Text, BYTES or an IP_ADDRESS.</summary>
    public Node<ReadOnlySpan<byte>> Bytes => (Node<ReadOnlySpan<byte>>)Node;

    /// <summary>A STRING_MAP.</summary>
    public Node<MapValue> Map => (Node<MapValue>)Node;

    /// <summary>Whether the value is known without a request.</summary>
    public bool IsConstant => Node is Constant<bool> or Constant<long> or Constant<double> or ConstantBytes;

    /// <summary>Builds a node of the kind that carries this node's type.</summary>
    public TypedNode Map2(TypedNode other, IPairBuilder builder) => Type switch
    {
        AttributeType.Bool => new TypedNode(Type, builder.Build(Bool, other.Bool)),
        AttributeType.Int64 or AttributeType.Timestamp or AttributeType.Duration => new TypedNode(Type, builder.Build(Int64, other.Int64)),
        AttributeType.Double => new TypedNode(Type, builder.Build(Double, other.Double)),
        AttributeType.StringMap => new TypedNode(Type, builder.Build(Map, other.Map)),
        _ => new TypedNode(Type, builder.Build(Bytes, other.Bytes)),
    };
}

/// <summary>Makes one node of two of the same kind, whatever the kind.</summary>
internal interface IPairBuilder
{
    /// <summary>Makes the node.</summary>
    object Build<T>(Node<T> first, Node<T> second)
        where T : allows ref struct;
}

/// <summary>Makes <c>a | b</c>.</summary>
internal sealed class PipeBuilder : IPairBuilder
{
    /// <inheritdoc/>
    public object Build<T>(Node<T> first, Node<T> second)
        where T : allows ref struct => new Pipe<T>(first, second);
}

/// <summary>Makes <c>conditional(c, a, b)</c>, or the eager <c>conditionalString(c, a, b)</c>.</summary>
internal sealed class ConditionalBuilder(Node<bool> condition, bool isEager) : IPairBuilder
{
    /// <inheritdoc/>
    public object Build<T>(Node<T> first, Node<T> second)
        where T : allows ref struct =>
        isEager ? new EagerConditional<T>(condition, first, second) : new Conditional<T>(condition, first, second);
}
