using System.Text;
using FastMixer.Policy.Config;
using FastMixer.Protocol.Messages;

namespace FastMixer.Adapters.Values;

/// <summary>Reads headers from parameters, name → value. Problems never show a value: it may be a secret.</summary>
internal static class HeaderReader
{
    /// <summary>Whether a field's name is that of a header.</summary>
    /// <param name="reader">Takes the problem if it is not.</param>
    /// <param name="field">The field.</param>
    public static bool IsName(ParameterReader reader, ConfigField field)
    {
        if (HeaderSyntax.IsName(Encoding.UTF8.GetBytes(field.Name)))
        {
            return true;
        }

        reader.Fail(
            field.Place, $"\"headers\": \"{field.Name}\" is no name of a header: expected at most {HeaderSyntax.MaxNameBytes} letters, digits and !#$%&'*+-.^_`|~.");
        return false;
    }

    /// <summary>Reads a field's value as that of a header.</summary>
    /// <param name="reader">Takes the problem if it is none.</param>
    /// <param name="field">The field.</param>
    /// <param name="asciiOnly">Whether it must be ASCII.</param>
    /// <param name="value">The value.</param>
    public static bool TryReadValue(ParameterReader reader, ConfigField field, bool asciiOnly, out string value)
    {
        value = "";
        if (field.Value is not ScalarNode scalar)
        {
            reader.Fail(field.Value.Place, $"\"{field.Name}\": expected text, found {field.Value.Describe()}.");
            return false;
        }

        if (!HeaderSyntax.IsValue(Encoding.UTF8.GetBytes(scalar.Text)) || (asciiOnly && !Ascii.IsValid(scalar.Text)))
        {
            reader.Fail(
                scalar.Place,
                $"\"{field.Name}\": no header can have this value: expected at most {HeaderSyntax.MaxValueBytes} bytes{(asciiOnly ? " of ASCII" : "")}, no control characters but the tab.");
            return false;
        }

        value = scalar.Text;
        return true;
    }
}
