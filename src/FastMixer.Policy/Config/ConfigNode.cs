namespace FastMixer.Policy.Config;

/// <summary>A part of a configuration's text, and where it stands. Immutable.</summary>
/// <param name="Place">Where it begins.</param>
public abstract record ConfigNode(Place Place)
{
    /// <summary>What it is, for messages.</summary>
    public abstract string Describe();
}

/// <summary>A single value.</summary>
/// <param name="Place">Where it begins.</param>
/// <param name="Text">Its text.</param>
/// <param name="IsPlain">Whether it was written without quotes, so that <c>true</c>, <c>5</c> and <c>null</c> mean what they say.</param>
public sealed record ScalarNode(Place Place, string Text, bool IsPlain) : ConfigNode(Place)
{
    /// <summary>How the text is written in the file; null if it is not from one.</summary>
    internal ScalarSource? Source { get; init; }

    /// <summary>Where in the file a character of the text stands.</summary>
    /// <param name="offset">The character, from 0.</param>
    public Place PlaceOf(int offset) => Source?.Locate(Place, Text, offset) ?? Place;

    /// <summary>Whether it says that there is nothing.</summary>
    public bool IsNull => IsPlain && Text is "" or "null" or "~";

    /// <inheritdoc/>
    public override string Describe() => IsNull ? "nothing" : $"'{(Text.Length > 40 ? Text[..40] + "…" : Text)}'";
}

/// <summary>A list.</summary>
/// <param name="Place">Where it begins.</param>
/// <param name="Items">Its items.</param>
public sealed record SequenceNode(Place Place, IReadOnlyList<ConfigNode> Items) : ConfigNode(Place)
{
    /// <inheritdoc/>
    public override string Describe() => "a list";
}

/// <summary>A mapping.</summary>
/// <param name="Place">Where it begins.</param>
/// <param name="Fields">Its fields in the order of the text; names are distinct.</param>
public sealed record MappingNode(Place Place, IReadOnlyList<ConfigField> Fields) : ConfigNode(Place)
{
    /// <inheritdoc/>
    public override string Describe() => "a mapping";
}

/// <summary>A field of a mapping.</summary>
/// <param name="Place">Where its name stands.</param>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
public sealed record ConfigField(Place Place, string Name, ConfigNode Value);
