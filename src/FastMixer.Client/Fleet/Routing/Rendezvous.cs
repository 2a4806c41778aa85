using System.Text;

namespace FastMixer.Client.Fleet.Routing;

/// <summary>
/// Weighted rendezvous hashing (Schindelhauer and Schomaker, Weighted Distributed Hash Tables, 2005): each server has a score for each route, the highest is the route's
/// server, the second highest its second choice, and so on. A server gets routes in proportion to its weight; one that comes or goes moves only the routes that it
/// gets or had. Depends on nothing but its arguments, so that all processes agree.
/// </summary>
internal static class Rendezvous
{
    private const ulong FnvOffset = 14_695_981_039_346_656_037;
    private const ulong FnvPrime = 1_099_511_628_211;
    private const double UlpOfOne = 1.0 / (1UL << 53);

    /// <summary>What stands for a server: 64-bit FNV-1a of its address, mixed.</summary>
    /// <param name="address">The address as text.</param>
    public static ulong Identify(string address)
    {
        ulong hash = FnvOffset;
        foreach (byte octet in Encoding.UTF8.GetBytes(address))
        {
            hash = (hash ^ octet) * FnvPrime;
        }

        return Mix(hash);
    }

    /// <summary>The score of a server for a route.</summary>
    /// <param name="route">The route.</param>
    /// <param name="identity">The server, by <see cref="Identify"/>.</param>
    /// <param name="weight">Its weight, above 0.</param>
    public static double Score(ulong route, ulong identity, double weight)
    {
        // In (0, 1), never at an end.
        double uniform = ((Mix(route ^ identity) >> 11) + 0.5) * UlpOfOne;
        return -weight / Math.Log(uniform);
    }

    /// <summary>Spreads a number over 64 bits (the finalizer of SplitMix64: Steele, Lea and Flood, 2014). One to one.</summary>
    /// <param name="value">The number.</param>
    public static ulong Mix(ulong value)
    {
        value += 0x9E37_79B9_7F4A_7C15;
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }
}
