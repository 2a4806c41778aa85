using System.Globalization;
using FastMixer.Caching.Keys;
using FastMixer.Protocol.Attributes;
using FastMixer.Testing;

namespace FastMixer.Caching.Tests.Keys;

/// <summary>Sets are exact, found for the requests that had them, and bounded.</summary>
public sealed class ReferenceSetDirectoryTests
{
    private const int Services = 300;

    [Fact]
    public void TryGet_OfTheSameLookupsInAnyOrder_IsTheSameSet()
    {
        var directory = new ReferenceSetDirectory(Bags.Vocabulary, 8);

        Assert.True(directory.TryGet(Bags.List("source.name", "no source.uid", "request.headers[a]"), 1, out ReferenceSet? first));
        Assert.True(directory.TryGet(Bags.List("request.headers[a]", "source.name", "no source.uid"), 1, out ReferenceSet? second));

        Assert.Same(first, second);
        Assert.Equal(1, directory.Sets.Length);
    }

    [Theory]
    [InlineData("source.name", "no source.name")]
    [InlineData("request.headers[a]", "request.headers[b]")]
    [InlineData("no request.headers", "no request.headers[]")]
    [InlineData("no request.headers", "no request.headers[source.ip]")]
    [InlineData("source.name", "source.uid")]
    public void TryGet_OfOtherLookups_IsAnotherSet(string one, string other)
    {
        var directory = new ReferenceSetDirectory(Bags.Vocabulary, 8);

        Assert.True(directory.TryGet(Bags.List(one), 1, out ReferenceSet? first));
        Assert.True(directory.TryGet(Bags.List(other), 1, out ReferenceSet? second));

        Assert.NotSame(first, second);
        Assert.NotEqual(first.Id, second.Id);
    }

    [Fact]
    public void TryGet_OfASetTooMany_Fails_UntilAConfigurationNoLongerHasTheOthers()
    {
        var directory = new ReferenceSetDirectory(Bags.Vocabulary, 2);
        Assert.True(directory.TryGet(Bags.List("source.name"), 1, out ReferenceSet? kept));
        Assert.True(directory.TryGet(Bags.List("source.name", "source.uid"), 1, out _));
        Assert.False(directory.TryGet(Bags.List("source.name", "source.user"), 1, out _));
        kept.Usage.NoteSeen(2);

        Assert.True(directory.TryGet(Bags.List("source.name", "source.user"), 2, out _));

        Assert.Equal(2, directory.Sets.Length);
        Assert.Contains(kept, directory.Sets.ToArray());
        Assert.True(directory.TryGet(Bags.List("source.name"), 2, out ReferenceSet? same));
        Assert.Same(kept, same);
    }

    [Fact]
    public void Walk_WithManySets_TriesThoseOfTheRequestsService()
    {
        var directory = new ReferenceSetDirectory(Bags.Vocabulary, 4096);
        Teach(directory, paths: 20, rounds: 2);

        Assert.Equal(Services, directory.Sets.Length);
        Assert.Equal("destination.service.name", Bags.Vocabulary[Assert.Single(directory.Leading).Slot].Name);
        for (int service = 0; service < Services; service++)
        {
            AttributeBag bag = Request(service, path: 7);
            int tried = 0;
            bool found = false;
            foreach (ReferenceSet set in directory.Walk(bag))
            {
                tried++;
                found |= set.Key(bag) is not null;
            }

            Assert.True(found, $"service {service}");
            Assert.Equal(1, tried);
        }
    }

    [Fact]
    public void Walk_WhereEveryRowOverflows_StillFindsTheLatestSets()
    {
        // Nothing that all sets have in common tells them apart.
        var directory = new ReferenceSetDirectory(Bags.Vocabulary, 64);
        AttributeBag bag = Bags.Of(attributes =>
        {
            attributes.Set("source.name", "a");
            attributes.Set("request.headers", Enumerable.Range(0, 40).Select(key => KeyValuePair.Create($"{key}", "x")).ToArray());
        });
        for (int key = 0; key < 40; key++)
        {
            Assert.True(directory.TryGet(Bags.List("source.name", $"request.headers[{key}]"), 1, out ReferenceSet? set));
            set.Usage.CountMiss(bag, 1);
            directory.Put(set, bag);
        }

        var tried = new List<string>();
        foreach (ReferenceSet set in directory.Walk(bag))
        {
            tried.Add(System.Text.Encoding.UTF8.GetString(set.Parts.Single(part => part.Key is not null).Key!));
        }

        Assert.Equal(["39", "38", "37", "36", "35", "34", "33", "32"], tried);
    }

    [Fact]
    public void TryGet_OfASetThatLacksWhatAllHad_KeepsTheOthersOfTheSameConfiguration()
    {
        var directory = new ReferenceSetDirectory(Bags.Vocabulary, 4096);
        Teach(directory, paths: 5, rounds: 1);

        // The service is no longer looked up by all.
        Assert.True(directory.TryGet(Bags.List("request.path"), 1, out _));

        Assert.Equal(Services + 1, directory.Sets.Length);
        Assert.DoesNotContain(directory.Leading, part => Bags.Vocabulary[part.Slot].Name == "destination.service.name");
    }

    [Fact]
    public void TryGet_OfASetOfANewerConfiguration_ForgetsOlderOnesThatLackWhatAllOfItHave()
    {
        var directory = new ReferenceSetDirectory(Bags.Vocabulary, 4096);
        Teach(directory, paths: 5, rounds: 1);

        Assert.True(directory.TryGet(Bags.List("source.name"), 2, out ReferenceSet? set));

        Assert.Same(set, Assert.Single(directory.Sets.ToArray()));
    }

    [Fact]
    public void WalkAndTryGet_OfWhatIsKnown_AllocateNothing()
    {
        var directory = new ReferenceSetDirectory(Bags.Vocabulary, 4096);
        Teach(directory, paths: 5, rounds: 2);
        AttributeBag bag = Request(service: 3, path: 1);
        ReferenceList list = Bags.List("destination.service.name", "request.path", "request.headers[h3]");

        AllocationAssert.Zero(1000, () =>
        {
            foreach (ReferenceSet set in directory.Walk(bag))
            {
                directory.Put(set, bag);
            }

            Assert.True(directory.TryGet(list, 1, out _));
        });
    }

    // Every service has a header of its own.
    private static void Teach(ReferenceSetDirectory directory, int paths, int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            for (int service = 0; service < Services; service++)
            {
                ReferenceList list = Bags.List("destination.service.name", "request.path", $"request.headers[h{service}]");
                for (int path = 0; path < paths; path++)
                {
                    AttributeBag bag = Request(service, path);
                    Assert.True(directory.TryGet(list, 1, out ReferenceSet? set));
                    set.Usage.CountMiss(bag, 1);
                    directory.Put(set, bag);
                }
            }
        }
    }

    private static AttributeBag Request(int service, int path) => Bags.Of(attributes =>
    {
        attributes.Set("destination.service.name", $"service{service}");
        attributes.Set("request.path", string.Create(CultureInfo.InvariantCulture, $"/{path}"));
        attributes.Set("request.headers", new Dictionary<string, string> { [$"h{service}"] = "x" });
    });
}
