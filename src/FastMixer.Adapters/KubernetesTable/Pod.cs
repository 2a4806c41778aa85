namespace FastMixer.Adapters.KubernetesTable;

/// <summary>What is known of a pod, as it is given out: text in UTF-8, addresses in network order; null for what is not known. Immutable.</summary>
internal sealed record Pod
{
    /// <summary>Its uid: <c>kubernetes://name.namespace</c>.</summary>
    public required byte[] Uid { get; init; }

    /// <summary>Its address.</summary>
    public byte[]? Ip { get; init; }

    /// <summary>Its outputs of text and addresses, by their index among those of an end.</summary>
    public required IReadOnlyList<byte[]?> Outputs { get; init; }

    /// <summary>Its labels.</summary>
    public required KeyValuePair<byte[], byte[]>[] Labels { get; init; }

    /// <summary>Its containers, by the port they listen at.</summary>
    public required IReadOnlyDictionary<long, byte[]> Containers { get; init; }
}
