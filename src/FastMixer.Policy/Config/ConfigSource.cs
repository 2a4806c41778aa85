namespace FastMixer.Policy.Config;

/// <summary>A file's worth of configuration.</summary>
/// <param name="Name">What problems call it: the file's path.</param>
/// <param name="Text">YAML, of one or more documents; JSON is YAML too.</param>
public sealed record ConfigSource(string Name, string Text);
