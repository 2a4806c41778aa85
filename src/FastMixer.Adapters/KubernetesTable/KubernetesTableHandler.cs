using System.Collections.Frozen;
using System.Net;
using System.Runtime.CompilerServices;
using FastMixer.Engine.Handlers;
using FastMixer.Policy.Rules;
using FastMixer.Policy.Templates;
using FastMixer.Protocol.Words;

namespace FastMixer.Adapters.KubernetesTable;

/// <summary>Finds pods by uid, or else by address. What is not in the table stays unknown, which is no error. Answers from memory, without allocation.</summary>
internal sealed class KubernetesTableHandler : IAttributeGenerator
{
    private const int AddressBytes = 16;

    private static readonly int Labels = KubernetesTemplate.OutputsOfAnEnd.ToList().IndexOf("labels");
    private static readonly int OutputsOfAnEnd = KubernetesTemplate.OutputsOfAnEnd.Count;

    private readonly FrozenDictionary<byte[], Pod> _byUid;
    private readonly FrozenDictionary<byte[], Pod> _byIp;
    private readonly ConditionalWeakTable<Instance, Fields> _fields = [];

    public KubernetesTableHandler(IReadOnlyList<Pod> pods)
    {
        _byUid = pods.ToFrozenDictionary(pod => pod.Uid, Utf8Comparer.Instance);
        _byIp = pods.Where(pod => pod.Ip is not null).ToFrozenDictionary(pod => new IPAddress(pod.Ip!).MapToIPv6().GetAddressBytes(), Utf8Comparer.Instance);
    }

    public ValueTask GenerateAsync(InstanceValues instance, GeneratorOutput output, CancellationToken cancellationToken)
    {
        Fields fields = _fields.GetValue(instance.Instance, static known => new Fields(known));
        if (Find(instance, fields.SourceUid, fields.SourceIp) is { } source)
        {
            Write(source, output, first: 0);
        }

        if (Find(instance, fields.DestinationUid, fields.DestinationIp) is { } destination)
        {
            Write(destination, output, OutputsOfAnEnd);
            if (destination.Containers.TryGetValue(instance.GetInt64(fields.DestinationPort), out byte[]? container))
            {
                output.SetBytes(OutputsOfAnEnd * 2, container);
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Pod? Find(InstanceValues instance, int uid, int ip)
    {
        if (_byUid.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(instance.GetBytes(uid).Span, out Pod? pod))
        {
            return pod;
        }

        Span<byte> mapped = stackalloc byte[AddressBytes];
        scoped ReadOnlySpan<byte> address = instance.GetBytes(ip).Span;
        if (address.Length == 4)
        {
            mapped[..10].Clear();
            mapped[10..12].Fill(0xff);
            address.CopyTo(mapped[12..]);
            address = mapped;
        }

        return _byIp.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(address, out pod) ? pod : null;
    }

    private static void Write(Pod pod, GeneratorOutput output, int first)
    {
        for (int i = 0; i < pod.Outputs.Count; i++)
        {
            if (pod.Outputs[i] is { } value)
            {
                output.SetBytes(first + i, value);
            }
        }

        output.SetMap(first + Labels, pod.Labels);
    }

    // Where the fields of an instance are; −1 for those that it leaves out.
    private sealed class Fields(Instance instance)
    {
        public int SourceUid { get; } = instance.IndexOf("source_uid");

        public int SourceIp { get; } = instance.IndexOf("source_ip");

        public int DestinationUid { get; } = instance.IndexOf("destination_uid");

        public int DestinationIp { get; } = instance.IndexOf("destination_ip");

        public int DestinationPort { get; } = instance.IndexOf("destination_port");
    }
}
