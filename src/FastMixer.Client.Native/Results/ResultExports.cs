using System.Runtime.InteropServices;
using FastMixer.Client.Native.Boundary;
using FastMixer.Client.Native.Requests;

namespace FastMixer.Client.Native.Results;

/// <summary>The functions of checks and of their results; fastmixer.h says what they do.</summary>
internal static class ResultExports
{
    [UnmanagedCallersOnly(EntryPoint = "fm_check")]
    public static int Check(nint request, nint result) => Guard.Call<NativeRequest, nint>(request, result, static (request, handle) =>
    {
        NativeResult result = Handles.Get<NativeResult>(handle);
        result.Clear();
        Guard.RequireNoCallback("fm_check");
        result.Take(request.Client.Check(request));
    });

    [UnmanagedCallersOnly(EntryPoint = "fm_check_async")]
    public static int CheckAsync(nint request, nint callback, nint context) => Guard.Call<NativeRequest, (nint Callback, nint Context)>(
        request,
        (callback, context),
        static (request, call) =>
        {
            Incoming.RequireAddress(call.Callback, "callback");
            request.Client.CheckAsync(request, new CheckCallback(call.Callback, call.Context));
        });

    [UnmanagedCallersOnly(EntryPoint = "fm_result_create")]
    public static int Create(nint result) => Guard.Call(result, static result =>
    {
        Incoming.RequireAddress(result, "result");
        Incoming.Write(result, new NativeResult().Handle, "result");
    });

    [UnmanagedCallersOnly(EntryPoint = "fm_result_free")]
    public static int Free(nint result) => Guard.Free<NativeResult>(result, static _ => { });

    [UnmanagedCallersOnly(EntryPoint = "fm_result_status")]
    public static int Status(nint result) => Guard.Read<NativeResult>(result, static result => (int)result.Answer.Status);

    [UnmanagedCallersOnly(EntryPoint = "fm_result_http_status")]
    public static int HttpStatus(nint result) => Guard.Read<NativeResult>(result, static result => result.Answer.HttpStatus);

    [UnmanagedCallersOnly(EntryPoint = "fm_result_origin")]
    public static int Origin(nint result) => Guard.Read<NativeResult>(result, static result => (int)result.Answer.Origin);

    [UnmanagedCallersOnly(EntryPoint = "fm_result_message")]
    public static nint Message(nint result, nint length) => Text(result, length, static result => result.Message);

    [UnmanagedCallersOnly(EntryPoint = "fm_result_response_status")]
    public static int ResponseStatus(nint result) =>
        Guard.Read<NativeResult>(result, static result => result.Answer.Directive.Response?.HttpStatus ?? 0);

    [UnmanagedCallersOnly(EntryPoint = "fm_result_response_body")]
    public static nint ResponseBody(nint result, nint length) => Text(result, length, static result => result.Body);

    [UnmanagedCallersOnly(EntryPoint = "fm_result_request_operation_count")]
    public static int RequestOperationCount(nint result) =>
        Guard.Read<NativeResult>(result, static result => result.Answer.Directive.RequestHeaders.Count);

    [UnmanagedCallersOnly(EntryPoint = "fm_result_request_operation")]
    public static int RequestOperation(nint result, int index, nint operation) => Guard.Call<NativeResult, (int Index, nint Operation)>(
        result, (index, operation), static (result, call) => Incoming.Write(call.Operation, result.RequestOperation(call.Index), "operation"));

    [UnmanagedCallersOnly(EntryPoint = "fm_result_response_operation_count")]
    public static int ResponseOperationCount(nint result) =>
        Guard.Read<NativeResult>(result, static result => result.Answer.Directive.ResponseHeaders.Count);

    [UnmanagedCallersOnly(EntryPoint = "fm_result_response_operation")]
    public static int ResponseOperation(nint result, int index, nint operation) => Guard.Call<NativeResult, (int Index, nint Operation)>(
        result, (index, operation), static (result, call) => Incoming.Write(call.Operation, result.ResponseOperation(call.Index), "operation"));

    [UnmanagedCallersOnly(EntryPoint = "fm_result_grant_count")]
    public static int GrantCount(nint result) => Guard.Read<NativeResult>(result, static result => result.Answer.Quotas.Count);

    [UnmanagedCallersOnly(EntryPoint = "fm_result_grant")]
    public static int Grant(nint result, int index, nint grant) => Guard.Call<NativeResult, (int Index, nint Grant)>(
        result, (index, grant), static (result, call) => Incoming.Write(call.Grant, result.Grant(call.Index), "grant"));

    private static unsafe nint Text(nint handle, nint length, Func<NativeResult, PinnedText> read)
    {
        nint text = 0;
        _ = Guard.Call<NativeResult, (nint Length, nint Text, Func<NativeResult, PinnedText> Read)>(
            handle,
            (length, (nint)(&text), read),
            static (result, call) =>
            {
                PinnedText found = call.Read(result);
                Incoming.Write(call.Text, found.Address, "text");
                if (call.Length != 0)
                {
                    Incoming.Write(call.Length, (nuint)found.Length, "length");
                }
            });
        return text;
    }
}
