using System.Text.Json.Serialization;

namespace FastMixer.LoadTest.Backend;

/// <summary>Serialization code, made when this is compiled.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BackendStatistics))]
internal sealed partial class BackendStatisticsJson : JsonSerializerContext;
