using CsCheck;
using FastMixer.Client.Calls;
using FastMixer.Client.Channels;
using Microsoft.Extensions.Time.Testing;

namespace FastMixer.Client.Tests;

public sealed class TableTests
{
    [Fact]
    public void PendingCalls_AnyOrderOfAddingAndTaking_AgreesWithADictionary()
    {
        Gen.Select(Gen.Int[1, 9], Gen.Int[0, 99].Array[0, 300]).Sample((capacity, steps) =>
        {
            var pool = new CallPool<int>(4, runContinuationsAsynchronously: true);
            var table = new PendingCalls(capacity);
            var model = new Dictionary<uint, PendingCall>();
            var gone = new List<uint>();
            foreach (int step in steps)
            {
                if (step < 50)
                {
                    var call = new PendingCall<int>(pool, true);
                    AddResult result = table.TryAdd(call);
                    Assert.Equal(model.Count < capacity ? AddResult.Added : AddResult.Full, result);
                    if (result == AddResult.Added)
                    {
                        Assert.True(call.Id > ClientContext.HelloId);
                        Assert.DoesNotContain(call.Id, gone);
                        model.Add(call.Id, call);
                    }
                }
                else if (model.Count > 0)
                {
                    uint id = model.Keys.ElementAt(step % model.Count);
                    Assert.Equal(TakeResult.WrongKind, table.Take(id, out PendingCall<string>? _));
                    Assert.Equal(TakeResult.Taken, table.Take(id, out PendingCall<int>? call));
                    Assert.Same(model[id], call);
                    model.Remove(id);
                    gone.Add(id);
                }

                Assert.Equal(model.Count, table.Count);
                Assert.All(gone, id => Assert.Null(table.Take(id)));
            }

            List<PendingCall> rest = [];
            table.Close(rest);
            Assert.Equal(model.Values.ToHashSet(), rest.ToHashSet());
            Assert.Equal(AddResult.Closed, table.TryAdd(new PendingCall<int>(pool, true)));
        });
    }

    [Fact]
    public void ReceiveBuffer_AnyCutting_GivesTheSameFrames()
    {
        Gen.Select(Gen.Int[1, 20_000].Array[1, 8], Gen.Int[1, 9_000].Array[1, 20]).Sample((lengths, cuts) =>
        {
            byte[] stream = [.. lengths.SelectMany((length, i) =>
                new byte[] { 0, 0, (byte)(length >> 8), (byte)length }.Concat(Enumerable.Repeat((byte)(i + 1), length)))];
            var buffer = new ReceiveBuffer();
            var frames = new List<int>();
            for (int position = 0, turn = 0; position < stream.Length; turn++)
            {
                Memory<byte> room = buffer.GetRoom();
                int count = Math.Min(Math.Min(cuts[turn % cuts.Length], room.Length), stream.Length - position);
                stream.AsSpan(position, count).CopyTo(room.Span);
                buffer.Advance(count);
                position += count;
                while (buffer.TryTakeFrame(out ReadOnlySpan<byte> body, out string? problem))
                {
                    Assert.Null(problem);
                    Assert.False(body.ContainsAnyExcept((byte)(frames.Count + 1)));
                    frames.Add(body.Length);
                }
            }

            Assert.Equal(lengths, frames);
        }, iter: 200);
    }

    [Fact]
    public void Backoff_DoublesUpToTheMost_AndForgetsAtSuccess()
    {
        var clock = new FakeTimeProvider();
        var backoff = new Backoff(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(150), clock);
        Assert.Equal(TimeSpan.Zero, backoff.Remaining);
        foreach (int most in new[] { 50, 100, 150, 150 })
        {
            backoff.Fail(new ChannelFault("x"));
            Assert.InRange(backoff.Remaining.TotalMilliseconds, (most / 2) - 0.1, most);
        }

        clock.Advance(TimeSpan.FromMilliseconds(150));
        Assert.Equal(TimeSpan.Zero, backoff.Remaining);
        backoff.Succeed();
        backoff.Fail(new ChannelFault("x"));
        Assert.InRange(backoff.Remaining.TotalMilliseconds, 24.9, 50);
    }
}
