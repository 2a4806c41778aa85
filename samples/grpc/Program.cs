using FastMixer.Client;
using FastMixer.Samples.Grpc;
using Microsoft.AspNetCore.Server.Kestrel.Core;

if (args is ["call", var address, ..])
{
    return await BookstoreCalls.RunAsync(address);
}

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
string server = builder.Configuration["FastMixer:Server"] ?? "tcp://127.0.0.1:9191";
builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2));
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddMixerClient(new MixerClientOptions
{
    Servers = new() { Addresses = [server] },
    Base = request => request.Set("destination.service.name", "bookstore"),
});
builder.Services.AddSingleton<MixerInterceptor>();
builder.Services.AddGrpc(grpc => grpc.Interceptors.Add<MixerInterceptor>());

WebApplication app = builder.Build();
app.MapGrpcService<BookstoreService>();
await app.RunAsync();
return 0;
