using System.Diagnostics.CodeAnalysis;
using FastMixer.Client.Fleet;

namespace FastMixer.Client.Tests.Fleet;

public sealed class CheckAllocationTests : FleetTest
{
    /// <summary>Answered by bytes of the test, so that only the fleet could allocate on the thread that asks.</summary>
    [Fact(Timeout = Guard)]
    [SuppressMessage("Reliability", "CA2012", Justification = "Each is awaited once.")]
    public async Task CheckAsync_AtSteadyState_AskingAllocatesNothing()
    {
        using FakeServer server = FakeServer.Tcp();
        await using ServerFleet fleet = Fleet([server.Address.ToString()]);
        FakeConnection connection = await server.WelcomeAsync();
        using CheckQuestion question = Question();
        var allocated = new List<long>();
        for (int i = 0; i < 500; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            ValueTask<ServedVerdict> check = fleet.CheckAsync(question, Token);
            allocated.Add(GC.GetAllocatedBytesForCurrentThread() - before);
            await connection.SendAsync(Answers.Verdict((await connection.ReadAsync()).Id));
            await check;
        }

        // State machines are pooled for each thread, and the test goes from one to the other: most calls find theirs.
        Assert.InRange(allocated.Skip(300).Count(bytes => bytes > 0), 0, 50);
    }
}
