using FastMixer.Protocol.Messages;
using FastMixer.Protocol.Wire;

namespace FastMixer.Client.Channels;

/// <summary>Turns a server's errors into exceptions.</summary>
internal static class ErrorTexts
{
    /// <summary>A new exception for an error.</summary>
    /// <param name="error">What the server said.</param>
    public static MixerErrorException ToException(ErrorMessage error)
    {
        string name = Enum.IsDefined(error.Code) ? error.Code.Name() : $"error {(int)error.Code}";
        return new MixerErrorException(error.Code, $"{name}: {error.Text}");
    }
}
