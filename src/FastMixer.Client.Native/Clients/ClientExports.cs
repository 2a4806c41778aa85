using System.Runtime.InteropServices;
using FastMixer.Client.Native.Boundary;

namespace FastMixer.Client.Native.Clients;

/// <summary>The functions of the library and of its clients; fastmixer.h says what they do.</summary>
internal static class ClientExports
{
    private const uint AbiVersion = 1;

    private static readonly PinnedText Version =
        PinnedText.Of(typeof(MixerClient).Assembly.GetName().Version?.ToString(fieldCount: 3) ?? "0.0.0");

    [UnmanagedCallersOnly(EntryPoint = "fm_abi_version")]
    public static uint GetAbiVersion() => AbiVersion;

    [UnmanagedCallersOnly(EntryPoint = "fm_version")]
    public static nint GetVersion() => Version.Address;

    [UnmanagedCallersOnly(EntryPoint = "fm_last_error")]
    public static nint LastError() => Guard.LastError;

    [UnmanagedCallersOnly(EntryPoint = "fm_options_init")]
    public static int InitializeOptions(nint options, nuint size) => Guard.Call((options, size), static call =>
    {
        SizedStruct.RequireSize(call.size, "fm_options");
        Incoming.Write(call.options, call.size, "options");
        SizedStruct.Fill(call.options, ClientSettings.Default, "fm_options");
    });

    [UnmanagedCallersOnly(EntryPoint = "fm_client_create")]
    public static int Create(nint options, nint client) => Guard.Call((options, client), static call =>
    {
        Incoming.Write<nint>(call.client, 0, "client");
        ClientSettings settings = SizedStruct.Read(call.options, ClientSettings.Default, "fm_options");
        Incoming.Write(call.client, Handles.Add(new NativeClient(settings)), "client");
    });

    [UnmanagedCallersOnly(EntryPoint = "fm_client_destroy")]
    public static int Destroy(nint client) => client == 0 ? (int)Code.Ok : Guard.Call(client, static client =>
    {
        Guard.RequireNoCallback("fm_client_destroy");
        Handles.Remove<NativeClient>(client).Dispose();
    });

    [UnmanagedCallersOnly(EntryPoint = "fm_client_key")]
    public static int Key(nint client, nint name, nint key) => Guard.Call<NativeClient, (nint Name, nint Key)>(
        client,
        (name, key),
        static (client, call) => Incoming.Write(call.Key, client.FindKey(Incoming.String(call.Name, "name")), "key"));

    [UnmanagedCallersOnly(EntryPoint = "fm_client_flush")]
    public static int Flush(nint client, long milliseconds) => Guard.Call<NativeClient, long>(client, milliseconds, static (client, milliseconds) =>
    {
        Guard.RequireNoCallback("fm_client_flush");
        if (milliseconds is < 0 or > int.MaxValue)
        {
            throw new FaultException(Code.InvalidArgument, $"timeout_ms is {milliseconds}: expected 0 to {int.MaxValue}.");
        }

        client.Flush(TimeSpan.FromMilliseconds(milliseconds));
    });

    [UnmanagedCallersOnly(EntryPoint = "fm_client_statistics")]
    public static int Statistics(nint client, nint statistics) => Guard.Call<NativeClient, nint>(
        client,
        statistics,
        static (client, statistics) => SizedStruct.Fill(statistics, new ClientCounts(client.Client.Statistics), "fm_statistics"));
}
