using System.Net;
using System.Text;
using FastMixer.Policy.Config;
using FastMixer.Policy.Templates;

namespace FastMixer.Adapters.KubernetesTable;

/// <summary>Reads the pods of a handler's parameters.</summary>
internal sealed class PodReader
{
    private const int LeastPort = 1;
    private const int GreatestPort = 65_535;

    private readonly Dictionary<string, Place> _known = new(StringComparer.Ordinal);

    /// <summary>The pods.</summary>
    /// <param name="reader">The parameters.</param>
    public IReadOnlyList<Pod> Read(ParameterReader reader) => [.. reader.ObjectList("pods").Select(ReadPod).OfType<Pod>()];

    private Pod? ReadPod(ParameterReader reader)
    {
        ScalarNode? name = reader.RequiredText("name");
        ScalarNode? scope = reader.RequiredText("namespace");
        string uid = reader.Text("uid", $"kubernetes://{name?.Text}.{scope?.Text}");
        byte[]? ip = ReadAddress(reader, "ip");
        var outputs = new Dictionary<string, byte[]?>(StringComparer.Ordinal)
        {
            ["pod_uid"] = Encoding.UTF8.GetBytes(uid),
            ["pod_ip"] = ip,
            ["pod_name"] = Bytes(name?.Text),
            ["namespace"] = Bytes(scope?.Text),
            ["service_account_name"] = Bytes(reader.Text("service_account_name")),
            ["host_ip"] = ReadAddress(reader, "host_ip"),
            ["owner"] = Bytes(reader.Text("owner")),
            ["workload_uid"] = Bytes(reader.Text("workload_uid")),
            ["workload_name"] = Bytes(reader.Text("workload_name")),
            ["workload_namespace"] = Bytes(reader.Text("workload_namespace")),
        };
        var pod = new Pod
        {
            Uid = Encoding.UTF8.GetBytes(uid),
            Ip = ip,
            Outputs = [.. KubernetesTemplate.OutputsOfAnEnd.Select(output => outputs.GetValueOrDefault(output))],
            Labels = ReadLabels(reader),
            Containers = ReadContainers(reader),
        };
        reader.End();
        bool isNew = Claim(reader, $"The uid \"{uid}\"", reader.Place)
            & (ip is null || Claim(reader, $"The address {new IPAddress(ip).MapToIPv6()}", reader.Field("ip")!.Value.Place));
        return name is null || scope is null || !isNew ? null : pod;
    }

    private bool Claim(ParameterReader reader, string what, Place place)
    {
        if (_known.TryAdd(what, place))
        {
            return true;
        }

        reader.Fail(place, $"{what} is already that of the pod at {_known[what]}.");
        return false;
    }

    private static byte[]? ReadAddress(ParameterReader reader, string field)
    {
        string text = reader.Text(field);
        if (text.Length == 0)
        {
            return null;
        }

        if (IPAddress.TryParse(text, out IPAddress? address))
        {
            return address.GetAddressBytes();
        }

        reader.Fail(reader.Field(field)!.Value.Place, $"\"{field}\": expected an IP address such as 10.0.0.1, found '{text}'.");
        return null;
    }

    private static KeyValuePair<byte[], byte[]>[] ReadLabels(ParameterReader reader)
    {
        var labels = new List<KeyValuePair<byte[], byte[]>>();
        foreach (ConfigField label in reader.Map("labels"))
        {
            if (label.Value is ScalarNode scalar)
            {
                labels.Add(KeyValuePair.Create(Encoding.UTF8.GetBytes(label.Name), Encoding.UTF8.GetBytes(scalar.Text)));
            }
            else
            {
                reader.Fail(label.Value.Place, $"\"{label.Name}\": expected a text, found {label.Value.Describe()}.");
            }
        }

        return [.. labels];
    }

    private static Dictionary<long, byte[]> ReadContainers(ParameterReader pod)
    {
        var containers = new Dictionary<long, byte[]>();
        foreach (ParameterReader reader in pod.ObjectList("containers"))
        {
            ScalarNode? name = reader.RequiredText("name");
            long port = reader.Int64("port", 0, LeastPort, GreatestPort);
            reader.End();
            if (name is not null && port > 0 && !containers.TryAdd(port, Encoding.UTF8.GetBytes(name.Text)))
            {
                reader.Fail(reader.Place, $"The port {port} is already that of another container of this pod.");
            }
        }

        return containers;
    }

    private static byte[]? Bytes(string? text) => string.IsNullOrEmpty(text) ? null : Encoding.UTF8.GetBytes(text);
}
