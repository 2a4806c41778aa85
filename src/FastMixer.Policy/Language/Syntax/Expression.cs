using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Language.Syntax;

/// <summary>A node of a parsed expression. Immutable.</summary>
/// <param name="Offset">Where it begins in the text, in characters from 0.</param>
internal abstract record Expression(int Offset);

/// <summary>A literal.</summary>
/// <param name="Offset">Where it begins.</param>
/// <param name="Type">STRING, INT64, DOUBLE, BOOL or DURATION.</param>
/// <param name="Text">The text of a STRING.</param>
/// <param name="Number">The number of an INT64, the nanoseconds of a DURATION, the bits of a DOUBLE, 0 or 1 for a BOOL.</param>
internal sealed record Literal(int Offset, AttributeType Type, string Text, long Number) : Expression(Offset);

/// <summary>The flat name of an attribute.</summary>
/// <param name="Offset">Where it begins.</param>
/// <param name="Name">Such as <c>source.namespace</c>.</param>
internal sealed record AttributeName(int Offset, string Name) : Expression(Offset);

/// <summary>The value of one key of a map: <c>map[key]</c>.</summary>
/// <param name="Offset">Where the map begins.</param>
/// <param name="Map">The map.</param>
/// <param name="Key">The key.</param>
internal sealed record IndexOf(int Offset, Expression Map, Expression Key) : Expression(Offset);

/// <summary>A call of a function, <c>f(a, b)</c>, or of a method, <c>a.f(b)</c>; operators are calls too.</summary>
/// <param name="Offset">Where the name or operator stands.</param>
/// <param name="Function">The name, or the operator's sign.</param>
/// <param name="Receiver">What stands before the dot, or null.</param>
/// <param name="Arguments">The arguments, the operands of an operator.</param>
internal sealed record Call(int Offset, string Function, Expression? Receiver, IReadOnlyList<Expression> Arguments) : Expression(Offset);

/// <summary>A list of literals, the right side of <c>in</c>.</summary>
/// <param name="Offset">Where it begins.</param>
/// <param name="Items">Its items.</param>
internal sealed record ListOf(int Offset, IReadOnlyList<Expression> Items) : Expression(Offset);
