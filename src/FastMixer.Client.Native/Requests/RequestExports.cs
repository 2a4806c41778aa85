using System.Runtime.InteropServices;
using FastMixer.Client.Attributes;
using FastMixer.Client.Native.Boundary;
using FastMixer.Client.Native.Clients;
using FastMixer.Protocol.Messages;

namespace FastMixer.Client.Native.Requests;

/// <summary>The functions of requests and of what they start from; fastmixer.h says what they do.</summary>
internal static class RequestExports
{
    [UnmanagedCallersOnly(EntryPoint = "fm_request_create")]
    public static int Create(nint client, nint prepared, nint request) => Guard.Call<NativeClient, (nint Prepared, nint Request)>(
        client,
        (prepared, request),
        static (client, call) =>
        {
            Incoming.Write<nint>(call.Request, 0, "request");
            RequestAttributes attributes = client.Client.Rent(Prepared(client, call.Prepared));
            Incoming.Write(call.Request, Handles.Add(new NativeRequest(client, attributes)), "request");
        });

    [UnmanagedCallersOnly(EntryPoint = "fm_request_free")]
    public static int Free(nint request) => Guard.Free<NativeRequest>(request, static request => request.Attributes.Dispose());

    [UnmanagedCallersOnly(EntryPoint = "fm_request_reset")]
    public static int Reset(nint request, nint prepared) => Guard.Call<NativeRequest, nint>(
        request, prepared, static (request, prepared) => request.Reset(Prepared(request.Client, prepared)));

    [UnmanagedCallersOnly(EntryPoint = "fm_request_key")]
    public static int Key(nint request, nint name, nint key) => Guard.Call<NativeRequest, (nint Name, nint Key)>(
        request,
        (name, key),
        static (request, call) =>
            Incoming.Write(call.Key, request.Client.FindKey(Incoming.String(call.Name, "name"), request.Attributes), "key"));

    [UnmanagedCallersOnly(EntryPoint = "fm_request_set_text")]
    public static int SetText(nint request, int key, nint text, nuint length) => Guard.Call<NativeRequest, (int Key, nint Text, nuint Length)>(
        request,
        (key, text, length),
        static (request, call) => request.Attributes.Set(request.Key(call.Key), Incoming.Text(call.Text, call.Length, "text")));

    [UnmanagedCallersOnly(EntryPoint = "fm_request_set_int64")]
    public static int SetInt64(nint request, int key, long value) => Guard.Call<NativeRequest, (int Key, long Value)>(
        request, (key, value), static (request, call) => request.Attributes.Set(request.Key(call.Key), call.Value));

    [UnmanagedCallersOnly(EntryPoint = "fm_request_set_double")]
    public static int SetDouble(nint request, int key, double value) => Guard.Call<NativeRequest, (int Key, double Value)>(
        request, (key, value), static (request, call) => request.Attributes.Set(request.Key(call.Key), call.Value));

    [UnmanagedCallersOnly(EntryPoint = "fm_request_set_bool")]
    public static int SetBool(nint request, int key, int value) => Guard.Call<NativeRequest, (int Key, int Value)>(
        request, (key, value), static (request, call) => request.Attributes.Set(request.Key(call.Key), call.Value != 0));

    [UnmanagedCallersOnly(EntryPoint = "fm_request_set_timestamp")]
    public static int SetTimestamp(nint request, int key, long nanoseconds) => Guard.Call<NativeRequest, (int Key, long Nanoseconds)>(
        request, (key, nanoseconds), static (request, call) => request.Attributes.SetTimestamp(request.Key(call.Key), call.Nanoseconds));

    [UnmanagedCallersOnly(EntryPoint = "fm_request_set_duration")]
    public static int SetDuration(nint request, int key, long nanoseconds) => Guard.Call<NativeRequest, (int Key, long Nanoseconds)>(
        request, (key, nanoseconds), static (request, call) => request.Attributes.SetDuration(request.Key(call.Key), call.Nanoseconds));

    [UnmanagedCallersOnly(EntryPoint = "fm_request_set_ip")]
    public static int SetIpAddress(nint request, int key, nint address, nuint length) => Guard.Call<NativeRequest, (int Key, nint Address, nuint Length)>(
        request,
        (key, address, length),
        static (request, call) => request.Attributes.SetIpAddress(request.Key(call.Key), Incoming.Bytes(call.Address, call.Length, "address")));

    [UnmanagedCallersOnly(EntryPoint = "fm_request_set_bytes")]
    public static int SetBytes(nint request, int key, nint bytes, nuint length) => Guard.Call<NativeRequest, (int Key, nint Bytes, nuint Length)>(
        request,
        (key, bytes, length),
        static (request, call) => request.Attributes.SetBytes(request.Key(call.Key), Incoming.Bytes(call.Bytes, call.Length, "bytes")));

    [UnmanagedCallersOnly(EntryPoint = "fm_request_set_map")]
    public static int SetMap(nint request, int key, nint entries, nuint count) => Guard.Call<NativeRequest, (int Key, nint Entries, nuint Count)>(
        request,
        (key, entries, count),
        static (request, call) => request.SetMap(request.Key(call.Key), Incoming.Array<NativeEntry>(call.Entries, call.Count, "entries")));

    [UnmanagedCallersOnly(EntryPoint = "fm_request_remove")]
    public static int Remove(nint request, int key) => Guard.Call<NativeRequest, int>(
        request, key, static (request, key) => request.Attributes.Remove(request.Key(key)));

    [UnmanagedCallersOnly(EntryPoint = "fm_request_take")]
    public static int Take(nint request, nint quota, long amount, int bestEffort) => Guard.Call<NativeRequest, (nint Quota, long Amount, bool BestEffort)>(
        request,
        (quota, amount, bestEffort != 0),
        static (request, call) => request.Take(new QuotaRequest(Incoming.String(call.Quota, "quota"), call.Amount, call.BestEffort)));

    [UnmanagedCallersOnly(EntryPoint = "fm_request_prepare")]
    public static int Prepare(nint request, nint prepared) => Guard.Call<NativeRequest, nint>(request, prepared, static (request, prepared) =>
    {
        Incoming.Write<nint>(prepared, 0, "prepared");
        Incoming.Write(prepared, Handles.Add(new NativePrepared(request.Client, request.Attributes.Prepare())), "prepared");
    });

    [UnmanagedCallersOnly(EntryPoint = "fm_prepared_free")]
    public static int FreePrepared(nint prepared) => Guard.Free<NativePrepared>(prepared, static _ => { });

    [UnmanagedCallersOnly(EntryPoint = "fm_report")]
    public static int Report(nint request) => Guard.Read<NativeRequest>(
        request, static request => request.Client.Client.Report(request.Attributes) ? (int)Code.Ok : Guard.FailDropped());

    private static PreparedAttributes? Prepared(NativeClient client, nint handle)
    {
        if (handle == 0)
        {
            return null;
        }

        NativePrepared prepared = Handles.Get<NativePrepared>(handle);
        return prepared.Client == client
            ? prepared.Attributes
            : throw new FaultException(Code.InvalidArgument, "The prepared attributes are of another client.");
    }
}
