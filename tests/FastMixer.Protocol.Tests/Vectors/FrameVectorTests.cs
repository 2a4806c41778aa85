using System.Buffers;
using System.Text.Json;
using FastMixer.Protocol.Wire;
using FastMixer.Testing;

namespace FastMixer.Protocol.Tests.Vectors;

public sealed class FrameVectorTests
{
    public static TheoryData<string> All => [.. VectorFile.Names(_ => true, "frames").Select(vector => vector.Name)];

    [Theory]
    [MemberData(nameof(All))]
    public void TryRead_FrameVectorInEverySegmentation_GivesItsBodies(string name)
    {
        JsonElement vector = VectorFile.Find("frames", name);
        JsonElement meaning = vector.Meaning();
        string[] bodies = [.. meaning.GetProperty("bodies").EnumerateArray().Select(body => body.GetString()!)];
        bool isWrong = vector.TryGetProperty("error", out JsonElement error);
        foreach (ReadOnlySequence<byte> stream in Segmentation.Every(vector.Body()))
        {
            ReadOnlySequence<byte> rest = stream;
            foreach (string body in bodies)
            {
                Assert.Equal(FrameResult.Complete, Read(vector, ref rest, out string found));
                Assert.Equal(body, found);
            }

            FrameResult last = Read(vector, ref rest, out _);
            Assert.Equal(isWrong ? ResultOf(error) : FrameResult.Incomplete, last);
            if (!isWrong)
            {
                Assert.Equal(meaning.Text("rest"), Convert.ToHexStringLower(rest.ToArray()));
            }
        }
    }

    private static FrameResult Read(JsonElement vector, ref ReadOnlySequence<byte> rest, out string body)
    {
        FrameResult result = FrameReader.TryRead(ref rest, (int)vector.Number("limit"), out ReadOnlySequence<byte> bytes, out _);
        body = Convert.ToHexStringLower(bytes.ToArray());
        return result;
    }

    private static FrameResult ResultOf(JsonElement error) =>
        error.Number("code") == (long)ErrorCode.FrameTooLarge ? FrameResult.TooLarge : FrameResult.Empty;
}
