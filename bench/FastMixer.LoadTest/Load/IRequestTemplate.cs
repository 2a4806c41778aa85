namespace FastMixer.LoadTest.Load;

/// <summary>The bytes of a request, encoded once; a request is a copy of them with its id and its key written over. All have one length.</summary>
internal interface IRequestTemplate
{
    /// <summary>Bytes of a request on the wire.</summary>
    int Length { get; }

    /// <summary>Writes one request.</summary>
    /// <param name="destination">At least <see cref="Length"/> bytes.</param>
    /// <param name="id">The id that its answer carries, where answers carry one.</param>
    /// <param name="key">Which of the distinct requests it is, below <see cref="KeySource.MaxKeys"/>.</param>
    void Write(Span<byte> destination, uint id, uint key);
}
