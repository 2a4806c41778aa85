using FastMixer.Samples.Grpc.Protos;
using Grpc.Core;
using Grpc.Net.Client;

namespace FastMixer.Samples.Grpc;

/// <summary>Calls each method once, and prints what comes back.</summary>
internal static class BookstoreCalls
{
    /// <summary>Calls a running service.</summary>
    /// <param name="address">Where it listens, such as <c>http://127.0.0.1:8081</c>.</param>
    /// <returns>The exit code: 0.</returns>
    public static async Task<int> RunAsync(string address)
    {
        using GrpcChannel channel = GrpcChannel.ForAddress(address);
        var bookstore = new Bookstore.BookstoreClient(channel);
        var book = new PageRequest { Title = "The Comedy of Errors" };

        await PrintAsync("ReadPage", async () => (await bookstore.ReadPageAsync(book)).Text);
        await PrintAsync("ReadBook", async () =>
        {
            using AsyncServerStreamingCall<Page> pages = bookstore.ReadBook(book);
            int count = 0;
            await foreach (Page _ in pages.ResponseStream.ReadAllAsync())
            {
                count++;
            }

            return $"{count} pages";
        });
        await PrintAsync("ChangePrice", async () => $"{(await bookstore.ChangePriceAsync(new PriceRequest { Title = book.Title, Cents = 1 })).Cents} cents");
        return 0;
    }

    private static async Task PrintAsync(string method, Func<Task<string>> call)
    {
        try
        {
            Console.WriteLine($"{method}: {await call()}");
        }
        catch (RpcException exception)
        {
            Console.WriteLine($"{method}: {exception.StatusCode}, {exception.Status.Detail}");
        }
    }
}
