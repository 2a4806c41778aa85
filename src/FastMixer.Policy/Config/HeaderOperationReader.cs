using System.Text;
using FastMixer.Policy.Language.Compilation;
using FastMixer.Policy.Language.Evaluation;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Attributes;
using FastMixer.Protocol.Messages;

namespace FastMixer.Policy.Config;

/// <summary>The fields <c>requestHeaderOperations</c> and <c>responseHeaderOperations</c> of rules.</summary>
internal sealed class HeaderOperationReader(Compiler compiler, ICollection<Problem> problems)
{
    private const string NameExpected = "expected at most 256 letters, digits and !#$%&'*+-.^_`|~";

    /// <summary>Reads both.</summary>
    /// <param name="rule">The rule's fields.</param>
    /// <param name="place">Where the rule stands.</param>
    /// <param name="isPresent">Whether there is any operation, good or bad.</param>
    /// <returns>The good ones, those of the request first.</returns>
    public IReadOnlyList<RuleHeaderOperation> Read(ParameterReader rule, Place place, out bool isPresent)
    {
        IReadOnlyList<ParameterReader> request = rule.ObjectList("request_header_operations");
        IReadOnlyList<ParameterReader> response = rule.ObjectList("response_header_operations");
        isPresent = request.Count + response.Count > 0;
        List<RuleHeaderOperation> operations =
        [
            .. request.SelectMany(operation => ReadOperation(operation, isRequest: true)),
            .. response.SelectMany(operation => ReadOperation(operation, isRequest: false)),
        ];
        if (operations.Count > RouteDirective.MaxOperations)
        {
            rule.Fail(place, $"The rule has {operations.Count} header operations; at most {RouteDirective.MaxOperations} are allowed.");
        }

        return operations;
    }

    private List<RuleHeaderOperation> ReadOperation(ParameterReader reader, bool isRequest)
    {
        ScalarNode? name = reader.RequiredText("name");
        int before = problems.Count;
        HeaderOperationKind kind = reader.Choice("operation", HeaderOperationKind.Replace);
        bool isKnown = problems.Count == before;
        IReadOnlyList<ScalarNode> values = reader.TextList("values");
        reader.End();
        if (name is null || !IsName(name, kind, isRequest) || (isKnown && !HasRightValues(reader, kind, values)))
        {
            return [];
        }

        return kind == HeaderOperationKind.Remove
            ? [new RuleHeaderOperation(kind, isRequest, name.Text, text: "", value: null)]
            : [.. values.SelectMany(value => CompileOperation(value, kind, isRequest, name.Text))];
    }

    private IEnumerable<RuleHeaderOperation> CompileOperation(ScalarNode value, HeaderOperationKind kind, bool isRequest, string name) =>
        Compile(value, name) is { } compiled ? [new RuleHeaderOperation(kind, isRequest, name, value.Text, compiled.Bytes)] : [];

    private bool IsName(ScalarNode name, HeaderOperationKind kind, bool isRequest)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(name.Text);
        if (HeaderSyntax.IsPseudoName(utf8))
        {
            bool allowed = isRequest && kind == HeaderOperationKind.Replace;
            return allowed || Fail(name.Place, $"\"name\": {name.Describe()} can only be replaced, and only in a request.");
        }

        return HeaderSyntax.IsName(utf8) || Fail(name.Place, $"\"name\": {name.Describe()} is no name of a header: {NameExpected}.");
    }

    private bool HasRightValues(ParameterReader reader, HeaderOperationKind kind, IReadOnlyList<ScalarNode> values)
    {
        if (kind == HeaderOperationKind.Remove)
        {
            return values.Count == 0 || Fail(values[0].Place, "\"values\": REMOVE takes none; it removes the header whatever its value.");
        }

        if (values.Count == 0)
        {
            return Fail(reader.Place, $"The field \"values\" is missing: {(kind == HeaderOperationKind.Append ? "APPEND" : "REPLACE")} needs at least one expression.");
        }

        if (kind == HeaderOperationKind.Replace && values.Count > 1)
        {
            problems.Add(new Problem(
                Severity.Warning, values[0].Place, "REPLACE is done once for each value, so that only the last one stays. Did you mean \"APPEND\"?"));
        }

        return true;
    }

    private TypedNode? Compile(ScalarNode scalar, string name)
    {
        if (!ExpressionText.TryCompile(compiler, scalar, problems, out TypedNode compiled, AttributeType.String))
        {
            return null;
        }

        if (compiled.Type != AttributeType.String)
        {
            Fail(scalar.PlaceOf(0), $"\"values\": expected STRING, found {compiled.Type.Name()}.");
            return null;
        }

        bool isPseudo = HeaderSyntax.IsPseudoName(Encoding.UTF8.GetBytes(name));
        if (compiled.Node is ConstantBytes constant && !RuleHeaderOperation.IsLegal(constant.Bytes, isPseudo))
        {
            string expected = isPseudo ? "visible ASCII characters only" : "no control characters but the tab";
            Fail(scalar.Place, $"\"values\": no header can have this value: expected 1 to {HeaderSyntax.MaxValueBytes} bytes, {expected}.");
            return null;
        }

        return compiled;
    }

    private bool Fail(Place place, string message)
    {
        problems.Add(new Problem(Severity.Error, place, message));
        return false;
    }
}
