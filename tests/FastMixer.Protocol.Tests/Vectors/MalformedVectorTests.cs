using System.Text.Json;
using FastMixer.Protocol.Tests.Support;
using FastMixer.Protocol.Wire;

namespace FastMixer.Protocol.Tests.Vectors;

public sealed class MalformedVectorTests
{
    public static TheoryData<string> All => [.. VectorFile.Names(_ => true, "malformed").Select(vector => vector.Name)];

    [Theory]
    [MemberData(nameof(All))]
    public void Receive_MalformedVector_AnswersItsError(string name)
    {
        JsonElement vector = VectorFile.Find("malformed", name);
        JsonElement error = vector.GetProperty("error");
        using var receiver = new Receiver();

        Outcome outcome = vector.Text("position") == "first" ? receiver.ReceiveFirst(vector.Body()) : receiver.Receive(vector.Body());

        var expected = new Outcome((ErrorCode)error.Number("code"), error.GetProperty("fatal").GetBoolean(), error.Id());
        Assert.Equal(expected, outcome);
        Assert.Equal(error.Text("name"), outcome.Code.Name());
    }
}
