using FastMixer.Policy.Language.Compilation;
using FastMixer.Policy.Rules;

namespace FastMixer.Policy.Config;

/// <summary>The field <c>onError</c> of rules and handlers.</summary>
internal static class OnErrorField
{
    /// <summary>Reads it.</summary>
    /// <param name="reader">The rule's or handler's fields.</param>
    public static ErrorPolicy Read(ParameterReader reader)
    {
        if (reader.Scalar("on_error", "a name") is not { } scalar)
        {
            return ErrorPolicy.Unspecified;
        }

        if (ErrorPolicies.TryParse(scalar.Text, out ErrorPolicy policy))
        {
            return policy;
        }

        reader.Fail(
            scalar.Place,
            $"\"onError\": expected one of {string.Join(", ", ErrorPolicies.Names)}, found {scalar.Describe()}.{Suggestion.For(scalar.Text, ErrorPolicies.Names)}");
        return ErrorPolicy.Unspecified;
    }
}
