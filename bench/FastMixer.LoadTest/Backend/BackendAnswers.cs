using System.Globalization;
using System.Text;

namespace FastMixer.LoadTest.Backend;

/// <summary>The bytes of the answers that a backend gives.</summary>
internal static class BackendAnswers
{
    /// <summary>503.</summary>
    public static byte[] Unavailable { get; } = Create("503 Service Unavailable", "cache-control: no-store\r\n", "text/plain", "the backend has failed\n"u8);

    /// <summary>200, with the time that the answer may be reused.</summary>
    public static byte[] Allowed(TimeSpan maxAge)
    {
        var control = maxAge > TimeSpan.Zero
            ? string.Create(CultureInfo.InvariantCulture, $"max-age={(long)maxAge.TotalSeconds}")
            : "no-store";
        return Create("200 OK", $"cache-control: {control}\r\n", "application/json", "{\"allowed\":true}"u8);
    }

    /// <summary>200, with statistics.</summary>
    public static byte[] Statistics(BackendStatistics statistics) => Create("200 OK", "", "application/json", statistics.ToJson());

    private static byte[] Create(string status, string headers, string type, ReadOnlySpan<byte> body) =>
        [
            .. Encoding.ASCII.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $"HTTP/1.1 {status}\r\n{headers}content-type: {type}\r\ncontent-length: {body.Length}\r\n\r\n")),
            .. body,
        ];
}
