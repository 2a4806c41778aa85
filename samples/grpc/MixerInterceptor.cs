using FastMixer.Client;
using FastMixer.Client.Attributes;
using FastMixer.Protocol.Messages;
using Grpc.Core;
using Grpc.Core.Interceptors;
using StatusCode = FastMixer.Protocol.Messages.StatusCode;

namespace FastMixer.Samples.Grpc;

/// <summary>
/// Asks about each call before it is handled, whatever its kind, and reports each that is finished. A denial has the verdict's status, which is gRPC's own.
/// </summary>
/// <param name="client">Asks.</param>
/// <param name="clock">The clock.</param>
internal sealed class MixerInterceptor(MixerClient client, TimeProvider clock) : Interceptor
{
    private readonly AttributeKey _path = client.Key("request.path");
    private readonly AttributeKey _host = client.Key("request.host");
    private readonly AttributeKey _protocol = client.Key("context.protocol");
    private readonly AttributeKey _time = client.Key("request.time");
    private readonly AttributeKey _status = client.Key("response.grpc_status");
    private readonly AttributeKey _duration = client.Key("response.duration");

    /// <inheritdoc/>
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(context, () => continuation(request, context));

    /// <inheritdoc/>
    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(context, () => continuation(requestStream, context));

    /// <inheritdoc/>
    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(context, () => WithoutResult(continuation(request, responseStream, context)));

    /// <inheritdoc/>
    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(context, () => WithoutResult(continuation(requestStream, responseStream, context)));

    private async Task<T> GuardAsync<T>(ServerCallContext context, Func<Task<T>> handle)
    {
        long start = clock.GetTimestamp();
        using RequestAttributes request = client.Rent();
        request.Set(_path, context.Method);
        request.Set(_host, context.Host);
        request.Set(_protocol, "grpc");
        request.Set(_time, clock.GetUtcNow());
        StatusCode status = StatusCode.Unknown;
        try
        {
            CheckResult verdict = await client.CheckAsync(request, context.CancellationToken);
            if (!verdict.IsAllowed)
            {
                throw new RpcException(new Status((global::Grpc.Core.StatusCode)verdict.Status, verdict.Message));
            }

            T result = await handle();
            status = (StatusCode)context.Status.StatusCode;
            return result;
        }
        catch (RpcException exception)
        {
            status = (StatusCode)exception.StatusCode;
            throw;
        }
        finally
        {
            request.Set(_status, status.Name());
            request.Set(_duration, clock.GetElapsedTime(start));
            client.Report(request);
        }
    }

    private static async Task<bool> WithoutResult(Task handling)
    {
        await handling;
        return true;
    }
}
