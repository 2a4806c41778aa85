using System.Text.Json;
using FastMixer.Protocol.Tests.Support;
using FastMixer.Protocol.Wire;

namespace FastMixer.Protocol.Tests.Vectors;

public sealed class MalformedVerdictVectorTests
{
    public static TheoryData<string> All => [.. VectorFile.Names(_ => true, "malformed-verdict").Select(vector => vector.Name)];

    [Theory]
    [MemberData(nameof(All))]
    public void Read_MalformedVerdict_IsTheFaultNamed(string name)
    {
        JsonElement vector = VectorFile.Find("malformed-verdict", name);

        ErrorCode fault = ClientSide.Read(vector.Body());

        Assert.Equal(vector.GetProperty("error").Text("name"), fault.Name());
    }
}
