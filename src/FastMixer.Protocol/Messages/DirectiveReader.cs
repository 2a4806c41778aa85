using System.Text;
using FastMixer.Protocol.Wire;

namespace FastMixer.Protocol.Messages;

/// <summary>Reads the directive of a verdict. A client must be able to put what it reads into HTTP as it is, so all of it is checked.</summary>
internal static class DirectiveReader
{
    // An array's header, the operation, and a name of one byte behind its header.
    private const int LeastOperationBytes = 4;

    private const string Shape = "a directive is [code, body, request operations, response operations]";
    private const string OperationShape = "an operation is [0, name, value] to replace, [1, name] to remove, [2, name, value] to append";

    /// <summary>Reads it. Allocates.</summary>
    /// <param name="reader">At the element.</param>
    /// <param name="status">The verdict's status: only a denial has a direct response.</param>
    /// <param name="directive">What was read.</param>
    /// <returns>False with the reader's fault set.</returns>
    public static bool TryRead(ref WireReader reader, uint status, out RouteDirective directive)
    {
        directive = RouteDirective.None;
        if (!reader.TryReadArrayHeader(out int elements)
            || (elements != 4 && !reader.Fail(ErrorCode.Malformed, Shape))
            || !TryReadResponse(ref reader, status, out DirectResponse? response)
            || !TryReadOperations(ref reader, RouteDirective.MaxOperations, isRequest: true, out HeaderOperation[] request)
            || !TryReadOperations(ref reader, RouteDirective.MaxOperations - request.Length, isRequest: false, out HeaderOperation[] back))
        {
            return false;
        }

        if (response is not null || request.Length + back.Length > 0)
        {
            directive = new RouteDirective(response, request, back);
        }

        return true;
    }

    private static bool TryReadResponse(ref WireReader reader, uint status, out DirectResponse? response)
    {
        response = null;
        if (!reader.TryReadUInt32(out uint code) || !reader.TryReadString(DirectResponse.MaxBodyBytes, out ReadOnlySpan<byte> body))
        {
            return false;
        }

        if (code == 0)
        {
            return body.IsEmpty || reader.Fail(ErrorCode.Malformed, "a directive without a direct response has no body");
        }

        if (code is < DirectResponse.MinHttpStatus or > DirectResponse.MaxHttpStatus || status == (uint)StatusCode.Ok)
        {
            return reader.Fail(ErrorCode.Malformed, "a direct response is one of a denial, with an HTTP status from 200 to 599");
        }

        response = new DirectResponse((int)code, Encoding.UTF8.GetString(body));
        return true;
    }

    private static bool TryReadOperations(ref WireReader reader, int most, bool isRequest, out HeaderOperation[] operations)
    {
        operations = [];
        if (!reader.TryReadArrayHeader(LeastOperationBytes, out int count))
        {
            return false;
        }

        if (count > most)
        {
            return reader.Fail(ErrorCode.LimitExceeded, "a directive has at most 64 operations");
        }

        operations = count == 0 ? [] : new HeaderOperation[count];
        for (int i = 0; i < count; i++)
        {
            if (!TryReadOperation(ref reader, isRequest, out operations[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryReadOperation(ref WireReader reader, bool isRequest, out HeaderOperation operation)
    {
        operation = null!;
        if (!reader.TryReadArrayHeader(out int elements) || !reader.TryReadUInt32(out uint number))
        {
            return false;
        }

        var kind = (HeaderOperationKind)Math.Min(number, byte.MaxValue);
        if ((kind > HeaderOperationKind.Append || elements != (kind == HeaderOperationKind.Remove ? 2 : 3))
            && !reader.Fail(ErrorCode.Malformed, OperationShape))
        {
            return false;
        }

        if (!reader.TryReadString(HeaderSyntax.MaxNameBytes, out ReadOnlySpan<byte> name))
        {
            return false;
        }

        bool isPseudo = isRequest && kind == HeaderOperationKind.Replace && HeaderSyntax.IsPseudoName(name);
        if (!isPseudo && !HeaderSyntax.IsName(name))
        {
            return reader.Fail(ErrorCode.Malformed, "the name of a header is a token, or a pseudo-header of a request that is replaced");
        }

        string text = Encoding.UTF8.GetString(name);
        string value = "";
        if (kind != HeaderOperationKind.Remove && !TryReadValue(ref reader, isPseudo, out value))
        {
            return false;
        }

        operation = new HeaderOperation(kind, text, value);
        return true;
    }

    private static bool TryReadValue(ref WireReader reader, bool isPseudo, out string value)
    {
        value = "";
        if (!reader.TryReadString(HeaderSyntax.MaxValueBytes, out ReadOnlySpan<byte> utf8))
        {
            return false;
        }

        if (!(isPseudo ? HeaderSyntax.IsPseudoValue(utf8) : HeaderSyntax.IsValue(utf8)))
        {
            return reader.Fail(ErrorCode.Malformed, "the value of a header has no control characters, that of a pseudo-header only visible ones");
        }

        value = Encoding.UTF8.GetString(utf8);
        return true;
    }
}
