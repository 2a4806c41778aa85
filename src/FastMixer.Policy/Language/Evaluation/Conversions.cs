namespace FastMixer.Policy.Language.Evaluation;

/// <summary><c>ip(s)</c>: 4 bytes for an IPv4 address, 16 for an IPv6 one.</summary>
internal struct ParseIpAddress : IUnary<ReadOnlySpan<byte>, ReadOnlySpan<byte>>
{
    /// <inheritdoc/>
    public static Outcome Apply(EvaluationContext context, ReadOnlySpan<byte> operand, out ReadOnlySpan<byte> result)
    {
        Span<byte> address = context.Scratch(IpAddressText.MaxBytes);
        bool parsed = IpAddressText.TryParse(operand, address, out int length);
        result = address[..length];
        return parsed ? Outcome.Value : context.Fail(EvaluationErrorKind.NoIpAddress);
    }
}

/// <summary><c>timestamp(s)</c>: RFC 3339.</summary>
internal struct ParseTimestamp : IUnary<ReadOnlySpan<byte>, long>
{
    /// <inheritdoc/>
    public static Outcome Apply(EvaluationContext context, ReadOnlySpan<byte> operand, out long result) =>
        TimestampText.TryParse(operand, out result) ? Outcome.Value : context.Fail(EvaluationErrorKind.NoTimestamp);
}

/// <summary>Text that must be of a certain form, and is then a value of another type.</summary>
internal interface ITextForm
{
    /// <summary>What is wrong with other text.</summary>
    static abstract EvaluationErrorKind Error { get; }

    /// <summary>Whether text is of the form.</summary>
    static abstract bool IsValid(ReadOnlySpan<byte> text);
}

/// <summary>DNS names.</summary>
internal struct DnsNameForm : ITextForm
{
    /// <inheritdoc/>
    public static EvaluationErrorKind Error => EvaluationErrorKind.NoDnsName;

    /// <inheritdoc/>
    public static bool IsValid(ReadOnlySpan<byte> text) => DnsNameText.IsValid(text);
}

/// <summary>E-mail addresses.</summary>
internal struct EmailAddressForm : ITextForm
{
    /// <inheritdoc/>
    public static EvaluationErrorKind Error => EvaluationErrorKind.NoEmailAddress;

    /// <inheritdoc/>
    public static bool IsValid(ReadOnlySpan<byte> text) => EmailAddressText.IsValid(text);
}

/// <summary>URIs.</summary>
internal struct UriForm : ITextForm
{
    /// <inheritdoc/>
    public static EvaluationErrorKind Error => EvaluationErrorKind.NoUri;

    /// <inheritdoc/>
    public static bool IsValid(ReadOnlySpan<byte> text) => UriText.IsValid(text);
}

/// <summary><c>dnsName(s)</c>, <c>email(s)</c>, <c>uri(s)</c>: the same text, once it is of the form.</summary>
internal struct CheckForm<TForm> : IUnary<ReadOnlySpan<byte>, ReadOnlySpan<byte>>
    where TForm : struct, ITextForm
{
    /// <inheritdoc/>
    public static Outcome Apply(EvaluationContext context, ReadOnlySpan<byte> operand, out ReadOnlySpan<byte> result)
    {
        result = operand;
        return TForm.IsValid(operand) ? Outcome.Value : context.Fail(TForm.Error);
    }
}
