using System.Text.Json;
using System.Text.Json.Serialization;

namespace FastMixer.LoadTest.Backend;

/// <summary>What a backend has counted.</summary>
/// <param name="Answered">Requests answered well.</param>
/// <param name="Failed">Requests answered with 503 by chance.</param>
/// <param name="Down">Requests that met an outage.</param>
internal sealed record BackendStatistics(long Answered, long Failed, long Down)
{
    /// <summary>The path of the request that asks for it; such requests are not counted.</summary>
    public const string Path = "/-/statistics";

    /// <summary>All requests.</summary>
    [JsonIgnore]
    public long Calls => Answered + Failed + Down;

    /// <summary>As JSON.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, BackendStatisticsJson.Default.BackendStatistics);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static BackendStatistics Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, BackendStatisticsJson.Default.BackendStatistics) ?? throw new LoadTestException("the backend sent no statistics");
}
