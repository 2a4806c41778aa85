using FastMixer.Engine.Reports.Delivery;

namespace FastMixer.Adapters.Otlp;

/// <summary>Encodes records of one template, each as an item of requests of one signal. Not thread-safe.</summary>
internal interface IRecordEncoder
{
    /// <summary>The template.</summary>
    string Template { get; }

    /// <summary>Where requests go.</summary>
    Signal Signal { get; }

    /// <summary>Writes the fields of a record's item.</summary>
    /// <returns>False if the backend could not take it; what was written is to be forgotten.</returns>
    bool TryWrite(ReportRecord record, ProtobufWriter writer);
}
