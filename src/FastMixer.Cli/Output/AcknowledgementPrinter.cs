using FastMixer.Protocol.Messages;

namespace FastMixer.Cli.Output;

/// <summary>Prints the answer to a report.</summary>
internal static class AcknowledgementPrinter
{
    /// <summary>The answer, without a line's end behind it.</summary>
    /// <param name="format">For whom.</param>
    /// <param name="acknowledgement">The answer.</param>
    /// <param name="latency">How long it took.</param>
    public static string Print(OutputFormat format, Acknowledgement acknowledgement, TimeSpan latency)
    {
        if (format == OutputFormat.Json)
        {
            return JsonText.Object(json =>
            {
                json.WriteNumber("accepted", acknowledgement.Accepted);
                json.WriteNumber("refused", acknowledgement.Refused);
                json.WriteMilliseconds("retryAfterMs", acknowledgement.RetryAfter);
                json.WriteMicroseconds("latencyUs", latency);
            });
        }

        string retry = acknowledgement.Refused == 0
            ? ""
            : $" (the last ones; send them again in {LatencyText.Format(acknowledgement.RetryAfter)})";
        return $"{acknowledgement.Accepted} accepted, {acknowledgement.Refused} refused{retry}, answered in {LatencyText.Format(latency)}";
    }
}
