using FastMixer.Samples.Grpc.Protos;
using Grpc.Core;

namespace FastMixer.Samples.Grpc;

/// <summary>The service. It knows nothing of FastMixer.</summary>
internal sealed class BookstoreService : Bookstore.BookstoreBase
{
    private static readonly string[] Pages = ["Proceed, Solinus, to procure my fall,", "And by the doom of death end woes and all."];

    /// <inheritdoc/>
    public override Task<Page> ReadPage(PageRequest request, ServerCallContext context) => Task.FromResult(new Page { Text = Pages[0] });

    /// <inheritdoc/>
    public override async Task ReadBook(PageRequest request, IServerStreamWriter<Page> responseStream, ServerCallContext context)
    {
        foreach (string page in Pages)
        {
            await responseStream.WriteAsync(new Page { Text = page }, context.CancellationToken);
        }
    }

    /// <inheritdoc/>
    public override Task<Price> ChangePrice(PriceRequest request, ServerCallContext context) => Task.FromResult(new Price { Cents = request.Cents });
}
