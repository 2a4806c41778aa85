using FastMixer.Policy.Language.Compilation;
using FastMixer.Protocol.Messages;

namespace FastMixer.Policy.Config;

/// <summary>Reads a field that is a <c>google.rpc.Code</c>, by number or by name.</summary>
public static class StatusCodeField
{
    /// <summary>Reads it.</summary>
    /// <param name="reader">The fields.</param>
    /// <param name="name">The field's name.</param>
    /// <param name="otherwise">Its value if it is not there, or wrong, which the reader is told.</param>
    public static StatusCode Read(ParameterReader reader, string name, StatusCode otherwise)
    {
        if (reader.Field(name)?.Value is not { } node)
        {
            return otherwise;
        }

        string text = (node as ScalarNode)?.Text ?? "";
        if (StatusCodes.TryParse(text, out StatusCode code))
        {
            return code;
        }

        if (byte.TryParse(text, out byte number) && number <= (byte)StatusCode.Unauthenticated)
        {
            return (StatusCode)number;
        }

        IEnumerable<string> names = Enum.GetValues<StatusCode>().Select(known => known.Name());
        reader.Fail(
            node.Place,
            $"\"{name}\": expected a number from 0 to 16 or a name such as PERMISSION_DENIED, found {node.Describe()}.{Suggestion.For(text, names)}");
        return otherwise;
    }
}
