using FastMixer.Client.Attributes;
using FastMixer.Client.Native.Boundary;
using FastMixer.Client.Native.Clients;
using FastMixer.Protocol.Messages;

namespace FastMixer.Client.Native.Requests;

/// <summary>An <c>fm_request</c>: attributes, and the quotas that its checks take from. Belongs to one thread at a time.</summary>
/// <param name="client">Whose it is.</param>
/// <param name="attributes">The attributes.</param>
internal sealed class NativeRequest(NativeClient client, RequestAttributes attributes)
{
    private const int MostQuotas = 16;

    private KeyValuePair<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>[] _entries = [];
    private byte[] _entryBytes = [];

    /// <summary>Whose it is.</summary>
    public NativeClient Client => client;

    /// <summary>The attributes.</summary>
    public RequestAttributes Attributes => attributes;

    /// <summary>The quotas. A check that waits keeps the array, so that it never changes.</summary>
    public QuotaRequest[] Quotas { get; private set; } = [];

    /// <summary>The key of a number.</summary>
    /// <param name="number">An <c>fm_key</c>.</param>
    public AttributeKey Key(int number) => client.Key(number);

    /// <summary>Forgets what was set and asked for.</summary>
    /// <param name="prepared">What it starts from; null for the client's base alone.</param>
    public void Reset(PreparedAttributes? prepared)
    {
        attributes.Reset(prepared);
        Quotas = [];
    }

    /// <summary>Asks for an amount.</summary>
    /// <param name="quota">Of what.</param>
    public void Take(QuotaRequest quota) => Quotas = Quotas.Length < MostQuotas
        ? [.. Quotas, quota]
        : throw new FaultException(Code.InvalidArgument, $"\"{quota.Name}\" is one quota too many: a check takes from at most {MostQuotas}.");

    /// <summary>Sets a string map.</summary>
    /// <param name="key">The attribute.</param>
    /// <param name="entries">Its entries, in the caller's memory.</param>
    public void SetMap(AttributeKey key, ReadOnlySpan<NativeEntry> entries)
    {
        if (entries.Length > _entries.Length)
        {
            _entries = new KeyValuePair<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>[entries.Length];
        }

        int length = 0;
        foreach (NativeEntry entry in entries)
        {
            length = checked(length + entry.KeyBytes.Length + entry.ValueBytes.Length);
        }

        if (length > _entryBytes.Length)
        {
            _entryBytes = new byte[length];
        }

        int used = 0;
        for (int i = 0; i < entries.Length; i++)
        {
            _entries[i] = new(Copy(entries[i].KeyBytes, ref used), Copy(entries[i].ValueBytes, ref used));
        }

        attributes.Set(key, _entries.AsSpan(0, entries.Length));
    }

    private ReadOnlyMemory<byte> Copy(ReadOnlySpan<byte> bytes, ref int used)
    {
        bytes.CopyTo(_entryBytes.AsSpan(used));
        used += bytes.Length;
        return _entryBytes.AsMemory(used - bytes.Length, bytes.Length);
    }
}
