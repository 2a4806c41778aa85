using System.Diagnostics.Metrics;
using FastMixer.Client;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Makes a <see cref="MixerClient"/> known to an application's services.</summary>
public static class MixerClientServices
{
    /// <summary>
    /// Adds one client for the whole application, with its loggers, meters and clock where it has them. It is made when first asked for, and disposed, which sends
    /// what waits, with the application.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="options">Which servers, and how.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddMixerClient(this IServiceCollection services, MixerClientOptions options) =>
        services.AddMixerClient(_ => options);

    /// <summary>Adds one client whose options come from other services, such as the configuration.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="options">Makes the options.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddMixerClient(this IServiceCollection services, Func<IServiceProvider, MixerClientOptions> options) =>
        services.AddSingleton(provider => new MixerClient(
            options(provider),
            provider.GetService<ILoggerFactory>(),
            provider.GetService<IMeterFactory>(),
            provider.GetService<TimeProvider>()));
}
