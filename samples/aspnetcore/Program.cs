using FastMixer.Client;
using FastMixer.Samples.AspNetCore;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
string server = builder.Configuration["FastMixer:Server"] ?? "tcp://127.0.0.1:9191";
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddMixerClient(new MixerClientOptions
{
    Servers = new() { Addresses = [server] },
    Base = request => request.Set("destination.service.name", "productpage"),
});

WebApplication app = builder.Build();
app.UseMiddleware<MixerMiddleware>();
app.MapGet("/productpage", () => "The Comedy of Errors\n");
app.MapGet("/admin", () => "the keys to the shop\n");
app.Run();
