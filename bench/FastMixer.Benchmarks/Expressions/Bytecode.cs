using FastMixer.Policy.Language.Evaluation;

namespace FastMixer.Benchmarks.Expressions;

/// <summary>An alternative: a small bytecode, run by one loop over registers. Only the operations that the sample needs, each done in full.</summary>
internal sealed class Bytecode
{
    private readonly Instruction[] _code;
    private readonly byte[][] _constants;

    private Bytecode(Instruction[] code, byte[][] constants)
    {
        _code = code;
        _constants = constants;
    }

    private enum Operation : byte
    {
        LoadBytes,
        LoadKey,
        EqualBytes,
        StartsWith,
        EqualAddress,
        JumpIfFalse,
        JumpIfTrue,
        Return,
    }

    /// <summary>The sample's program.</summary>
    public static Bytecode Compile(SampleExpression sample) => new(
        [
            new(Operation.LoadBytes, sample.NamespaceSlot, sample.NamespaceReference),
            new(Operation.EqualBytes, 0),
            new(Operation.JumpIfFalse, 5),
            new(Operation.LoadKey, sample.HeadersSlot, sample.HeadersReference, sample.CookieReference, 1),
            new(Operation.StartsWith, 2),
            new(Operation.JumpIfTrue, 8),
            new(Operation.LoadBytes, sample.IpSlot, sample.IpReference),
            new(Operation.EqualAddress, 3),
            new(Operation.Return),
        ],
        ["default"u8.ToArray(), "cookie"u8.ToArray(), "user="u8.ToArray(), [10, 0, 0, 1]]);

    /// <summary>Runs it.</summary>
    public bool TryEvaluate(EvaluationContext context, out bool result)
    {
        result = false;
        ReadOnlySpan<byte> text = default;
        for (int next = 0; ; next++)
        {
            ref readonly Instruction instruction = ref _code[next];
            switch (instruction.Operation)
            {
                case Operation.LoadBytes:
                    bool found = context.Attributes.TryGetBytes(instruction.First, out text);
                    context.References.Note(instruction.Second, found);
                    if (!found)
                    {
                        context.Missing(instruction.First);
                        return false;
                    }

                    break;
                case Operation.LoadKey:
                    if (!context.Attributes.Contains(instruction.First))
                    {
                        context.References.Note(instruction.Second, present: false);
                        context.Missing(instruction.First);
                        return false;
                    }

                    bool present = context.Attributes.TryGetMapValue(instruction.First, _constants[instruction.Fourth], out text);
                    context.References.Note(instruction.Third, present);
                    break;
                case Operation.EqualBytes:
                    result = text.SequenceEqual(_constants[instruction.First]);
                    break;
                case Operation.StartsWith:
                    result = text.StartsWith(_constants[instruction.First]);
                    break;
                case Operation.EqualAddress:
                    result = IpAddressOrder.Compare(text, _constants[instruction.First]) == 0;
                    break;
                case Operation.JumpIfFalse:
                    next = result ? next : instruction.First;
                    break;
                case Operation.JumpIfTrue:
                    next = result ? instruction.First - 1 : next;
                    break;
                default:
                    return true;
            }
        }
    }

    private readonly record struct Instruction(Operation Operation, int First = 0, int Second = 0, int Third = 0, int Fourth = 0);
}
