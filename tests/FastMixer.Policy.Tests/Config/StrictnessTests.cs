using FastMixer.Policy.Config;
using FastMixer.Policy.Tests.Support;

namespace FastMixer.Policy.Tests.Config;

/// <summary>Every class of problem has its message, at its place.</summary>
public sealed class StrictnessTests
{
    private const string Handler = "kind: handler\nmetadata: {name: h}\n";
    private const string Instance = "kind: instance\nmetadata: {name: i}\n";
    private const string NotUsed = "p.yaml:1:1: warning: No rule uses the handler \"h.handler.istio-system\".\n";

    [Fact]
    public void Base_HasNoProblem() => Assert.Empty(ConfigLoader.Load([new ConfigSource("base.yaml", Loaded.Base)], Loaded.Adapters).Problems);

    [Theory]
    [InlineData("kind: hander\nmetadata: {name: x}", "p.yaml:1:7: error: Unknown kind 'hander': expected attributemanifest, handler, instance, rule, QuotaSpec, QuotaSpecBinding, or the name of an adapter or template. Did you mean \"handler\"?")]
    [InlineData("kind: sinc\nmetadata: {name: x}", "p.yaml:1:7: error: Unknown kind 'sinc': expected attributemanifest, handler, instance, rule, QuotaSpec, QuotaSpecBinding, or the name of an adapter or template. Did you mean \"sink\"?")]
    [InlineData("kind: [rule]\nmetadata: {name: x}", "p.yaml:1:7: error: \"kind\": expected text, found a list.")]
    [InlineData("metadata: {name: x}", "p.yaml:1:1: error: The field \"kind\" is missing.")]
    [InlineData("kind: rule", "p.yaml:1:1: error: The field \"metadata\" is missing: every resource needs a name.")]
    [InlineData("kind: rule\nmetadata: {namespace: x}", "p.yaml:2:11: error: The field \"name\" is missing.")]
    [InlineData("kind: rule\nmetadata: {name: ''}", "p.yaml:2:18: error: \"name\": expected a text that is not empty.")]
    [InlineData("kind: rule\nmetadata: [x]", "p.yaml:2:11: error: Expected a mapping of fields, found a list.")]
    [InlineData("kind: handler\nmetadata: {name: a.b}", "p.yaml:2:18: error: 'a.b' cannot be a name: expected letters, digits, '-' and '_', without dots: references are joined by them.")]
    [InlineData("kind: rule\nmetadata: {name: a b}", "p.yaml:2:18: error: 'a b' cannot be a name: expected letters, digits, '-', '_' and '.'.")]
    [InlineData("kind: handler\nmetadata: {name: a, namespace: x.y}", "p.yaml:2:32: error: 'x.y' cannot be a name: expected letters, digits, '-' and '_', without dots: references are joined by them.")]
    [InlineData("kind: handler\nmetadata: {name: sink}\nspec: {compiledAdapter: sink}", "p.yaml:1:1: error: \"sink.handler.istio-system\" is already defined at base.yaml:1:1.")]
    [InlineData("just text", "p.yaml:1:1: error: Expected a mapping of fields, found 'just text'.")]
    [InlineData("- a\n- 5", "p.yaml:1:3: error: Expected a mapping of fields, found 'a'.\np.yaml:2:3: error: Expected a mapping of fields, found '5'.")]
    public void Envelope_ThatIsWrong_IsAProblem(string text, string expected) => Assert.Equal(expected, Loaded.Problems(text));

    [Fact]
    public void Envelope_WithUnknownFields_IsAProblemOfEach() => Assert.Equal(
        """
        p.yaml:1:1: error: The rule has no actions: it needs at least one, with a handler and its instances, or a header operation.
        p.yaml:2:21: error: Unknown field "lables". Did you mean "labels"?
        p.yaml:3:1: error: Unknown field "specc". Did you mean "spec"?
        """,
        Loaded.Problems("kind: rule\nmetadata: {name: x, lables: {}}\nspecc: {}"));

    [Theory]
    [InlineData("spec: {compiledAdapter: pikky}", "p.yaml:3:25: error: Unknown adapter 'pikky'. Did you mean \"picky\"?")]
    [InlineData(
        "spec: {compiledAdapter: sink, adapter: sink}",
        NotUsed + "p.yaml:3:31: error: \"adapter\" is for adapters that run in a process of their own, which are not known here: \"compiledAdapter\" alone names one.")]
    [InlineData("spec: {compiledAdapter: something}", "p.yaml:3:25: error: Unknown adapter 'something'. Known are: drain, picky, remote, sink.")]
    [InlineData("spec: {params: {}}", "p.yaml:3:7: error: The field \"compiledAdapter\" is missing.")]
    [InlineData("spec: {compiledAdapter: sink, parms: {}}", NotUsed + "p.yaml:3:31: error: Unknown field \"parms\". Did you mean \"params\"?")]
    [InlineData("spec: {compiledAdapter: sink, params: [x]}", NotUsed + "p.yaml:3:39: error: Expected a mapping of fields, found a list.")]
    [InlineData("spec: {compiledAdapter: sink, onError: denny}", NotUsed + "p.yaml:3:40: error: \"onError\": expected one of deny, allow, ignore-rule, found 'denny'. Did you mean \"deny\"?")]
    [InlineData("spec: {compiledAdapter: sink, compiled_adapter: sink}", NotUsed + "p.yaml:3:31: error: \"compiled_adapter\" stands here again as \"compiledAdapter\".")]
    [InlineData("spec: x", "p.yaml:3:7: error: Expected a mapping of fields, found 'x'.")]
    public void Handler_ThatIsWrong_IsAProblem(string spec, string expected) => Assert.Equal(expected, Loaded.Problems(Handler + spec));

    [Theory]
    [InlineData("address: ''", "p.yaml:3:50: error: \"address\": expected a text that is not empty.")]
    [InlineData("address: {a: b}", "p.yaml:3:50: error: \"address\": expected text, found a mapping.")]
    [InlineData("adress: x", "p.yaml:3:40: error: The field \"address\" is missing.\np.yaml:3:41: error: Unknown field \"adress\". Did you mean \"address\"?")]
    [InlineData("address: a, timeout: 5", "p.yaml:3:62: error: \"timeout\": expected a duration such as 5s or 1h30m, found '5'.")]
    [InlineData("address: a, timeout: -5s", "p.yaml:3:62: error: \"timeout\": expected a duration such as 5s or 1h30m, found '-5s'.")]
    [InlineData("address: a, count: 11", "p.yaml:3:60: error: \"count\": expected a whole number from 1 to 10, found '11'.")]
    [InlineData("address: a, count: 1.5", "p.yaml:3:60: error: \"count\": expected a whole number from 1 to 10, found '1.5'.")]
    [InlineData("address: a, ratio: NaN", "p.yaml:3:60: error: \"ratio\": expected a number from 0 to 1, found 'NaN'.")]
    [InlineData("address: a, eager: yes", "p.yaml:3:60: error: \"eager\": expected true or false, found 'yes'.")]
    [InlineData("address: a, colour: DEEP_RID", "p.yaml:3:61: error: \"colour\": expected one of DEEP_RED, GREEN, found 'DEEP_RID'. Did you mean \"DEEP_RED\"?")]
    [InlineData("address: a, names: x", "p.yaml:3:60: error: \"names\": expected a list, found 'x'.")]
    [InlineData("address: a, names: [x, [y]]", "p.yaml:3:64: error: \"names\": expected a text, found a list.")]
    [InlineData("address: a, labels: [x]", "p.yaml:3:61: error: \"labels\": expected a mapping, found a list.")]
    [InlineData("address: a, inner: {x: 1}", "p.yaml:3:61: error: Unknown field \"x\". No field is known here.")]
    public void Parameters_ThatDoNotFit_AreProblems(string parameters, string expected) => Assert.Equal(
        NotUsed + expected, Loaded.Problems(Handler + $"spec: {{compiledAdapter: picky, params: {{{parameters}}}}}"));

    [Fact]
    public void Parameters_OfTheOlderForm_AreReadTheSameWay() => Assert.Equal(
        "p.yaml:1:1: warning: No rule uses the handler \"h.picky.istio-system\".\np.yaml:3:7: error: The field \"address\" is missing.",
        Loaded.Problems("kind: picky\nmetadata: {name: h}\nspec: {}"));

    [Theory]
    [InlineData("spec: {compiledTemplate: metrik}", "p.yaml:3:26: error: Unknown template 'metrik'. Did you mean \"metric\"?")]
    [InlineData("spec: {compiledTemplate: x}", "p.yaml:3:26: error: Unknown template 'x'. Known are: checknothing, listentry, authorization, apikey, quota, reportnothing, logentry, metric, tracespan, edge, kubernetes.")]
    [InlineData("spec: {}", "p.yaml:3:7: error: The field \"compiledTemplate\" is missing.")]
    [InlineData("spec: {compiledTemplate: metric, params: {valu: 1}}", "p.yaml:3:43: error: Unknown field \"valu\". Did you mean \"value\"?")]
    [InlineData("spec: {compiledTemplate: metric, params: {value: [1]}}", "p.yaml:3:50: error: \"value\": expected an expression, found a list.")]
    [InlineData("spec: {compiledTemplate: metric, params: {dimensions: {a: {b: c}}}}", "p.yaml:3:59: error: \"a\": expected an expression, found a mapping.")]
    [InlineData("spec: {compiledTemplate: metric, params: {dimensions: {a: source.nme}}}", "p.yaml:3:59: error: Unknown attribute \"source.nme\". Did you mean \"source.name\"?")]
    [InlineData("spec: {compiledTemplate: metric, params: {value: \"none\"}}", "p.yaml:3:51: error: Unknown attribute \"none\". A text needs quotes of its own within those of YAML: '\"none\"'.")]
    [InlineData("spec: {compiledTemplate: metric, params: {monitored_resource_type: 5}}", "p.yaml:3:68: error: \"monitored_resource_type\": expected STRING, found INT64.")]
    [InlineData("spec: {compiledTemplate: apikey, params: {timestamp: '\"x\"'}}", "p.yaml:3:55: error: \"timestamp\": expected TIMESTAMP, found STRING.")]
    [InlineData("spec: {compiledTemplate: authorization, params: {subject: {user: source.ip}}}", "p.yaml:3:66: error: \"subject.user\": expected STRING, found IP_ADDRESS.")]
    [InlineData("spec: {compiledTemplate: authorization, params: {subject: source.user}}", "p.yaml:3:59: error: Expected a mapping of fields, found 'source.user'.")]
    [InlineData("spec: {compiledTemplate: metric, params: {value: \"1 +\"}}", "p.yaml:3:54: error: Expected a value, found the end of the expression.")]
    public void Instance_ThatIsWrong_IsAProblem(string spec, string expected) => Assert.Equal(expected, Loaded.Problems(Instance + spec));

    [Theory]
    [InlineData("1", "p.yaml:3:15: error: \"match\": expected BOOL, found INT64.")]
    [InlineData("'source.name'", "p.yaml:3:16: error: \"match\": expected BOOL, found STRING.")]
    [InlineData("[a]", "p.yaml:3:15: error: \"match\": expected an expression, found a list.")]
    [InlineData("source.nmespace == 'x'", "p.yaml:3:15: error: Unknown attribute \"source.nmespace\". Did you mean \"source.namespace\"?")]
    public void Match_ThatIsWrong_IsAProblem(string match, string expected) => Assert.Equal(expected, Loaded.Problems(Loaded.Rule(match)));

    [Theory]
    [InlineData("handler: sinc, instances: [nothing]", "p.yaml:3:28: error: There is no handler \"sinc.handler.istio-system\". Did you mean \"sink\"?")]
    [InlineData("handler: '', instances: [nothing]", "p.yaml:3:28: error: \"handler\": expected a text that is not empty.")]
    [InlineData("handler: sink.istio, instances: [nothing]", "p.yaml:3:28: error: There is no handler \"sink.istio.istio-system\" or \"sink.handler.istio\".")]
    [InlineData("handler: sinc.handler.istio-system, instances: [nothing]", "p.yaml:3:28: error: There is no handler \"sinc.handler.istio-system\". Did you mean \"sink.handler.istio-system\"?")]
    [InlineData("handler: nothing.instance.istio-system, instances: [nothing]", "p.yaml:3:28: error: There is no handler \"nothing.instance.istio-system\".")]
    [InlineData("handler: sink, instances: [nothin]", "p.yaml:3:46: error: There is no instance \"nothin.instance.istio-system\". Did you mean \"nothing\"?")]
    [InlineData("handler: sink, instances: [a.b.c.d]", "p.yaml:3:46: error: There is no instance \"a.b.c.d\".")]
    [InlineData("handler: sink, instances: [nothing, nothing]", "p.yaml:3:55: error: The instance 'nothing' stands twice in one action.")]
    [InlineData("handler: sink", "p.yaml:3:18: error: The action has no instances: it needs at least one.")]
    [InlineData("handler: sink, instances: []", "p.yaml:3:18: error: The action has no instances: it needs at least one.")]
    [InlineData("handler: sink, instances: nothing", "p.yaml:3:45: error: \"instances\": expected a list, found 'nothing'.")]
    [InlineData("handler: sink, instances: [[nothing]]", "p.yaml:3:46: error: \"instances\": expected a text, found a list.")]
    [InlineData("instances: [nothing]", "p.yaml:3:18: error: The field \"handler\" is missing.")]
    [InlineData("handler: sink, instances: [nothing], instance: x", "p.yaml:3:56: error: Unknown field \"instance\". Did you mean \"instances\"?")]
    public void Action_ThatIsWrong_IsAProblem(string action, string expected) =>
        Assert.Equal(expected, Loaded.Problems($"kind: rule\nmetadata: {{name: r}}\nspec: {{actions: [{{{action}}}]}}"));

    [Theory]
    [InlineData("spec: {actions: []}", "p.yaml:1:1: error: The rule has no actions: it needs at least one, with a handler and its instances, or a header operation.")]
    [InlineData("spec: {actions: x}", "p.yaml:3:17: error: \"actions\": expected a list, found 'x'.")]
    [InlineData("spec: {actions: [x]}", "p.yaml:3:18: error: Expected a mapping of fields, found 'x'.")]
    [InlineData("spec: {action: []}", "p.yaml:1:1: error: The rule has no actions: it needs at least one, with a handler and its instances, or a header operation.\np.yaml:3:8: error: Unknown field \"action\". Did you mean \"actions\"?")]
    [InlineData("spec: [x]", "p.yaml:3:7: error: Expected a mapping of fields, found a list.")]
    public void Rule_ThatIsWrong_IsAProblem(string spec, string expected) => Assert.Equal(expected, Loaded.Problems("kind: rule\nmetadata: {name: r}\n" + spec));

    [Fact]
    public void Instance_OfATemplateThatTheAdapterDoesNotTake_IsAProblem() => Assert.Equal(
        "p.yaml:7:55: error: The adapter sink of \"sink.handler.istio-system\" does not take the template logentry of \"i.instance.istio-system\"; "
        + "it takes checknothing, listentry, quota, metric.",
        Loaded.Problems(Instance + """
            spec: {compiledTemplate: logentry}
            ---
            kind: rule
            metadata: {name: r}
            spec: {actions: [{handler: sink, instances: [nothing, i]}]}
            """));

    [Theory]
    [InlineData("a.b: {valueType: STRNG}", "p.yaml:3:38: error: Unknown type 'STRNG': expected one of STRING, INT64, DOUBLE, BOOL, TIMESTAMP, IP_ADDRESS, EMAIL_ADDRESS, URI, DNS_NAME, DURATION, STRING_MAP, BYTES. Did you mean \"STRING\"?")]
    [InlineData("a-b: {valueType: STRING}", "p.yaml:3:21: error: \"a-b\" cannot be written in an expression: expected names of letters, digits and '_', joined by dots.")]
    [InlineData("source.name: {valueType: INT64}", "p.yaml:3:46: error: \"source.name\" is already declared as STRING, not INT64.")]
    [InlineData("a.b: {}", "p.yaml:3:26: error: The field \"valueType\" is missing.")]
    [InlineData("a.b: STRING", "p.yaml:3:26: error: Expected a mapping of fields, found 'STRING'.")]
    [InlineData("a.b: {valueType: STRING, descr: x}", "p.yaml:3:46: error: Unknown field \"descr\". Known here: description, valueType.")]
    public void Manifest_ThatIsWrong_IsAProblem(string attribute, string expected) =>
        Assert.Equal(expected, Loaded.Problems($"kind: attributemanifest\nmetadata: {{name: m}}\nspec: {{attributes: {{{attribute}}}}}"));

    [Fact]
    public void Manifests_ThatDeclareAnAttributeTwice_MustAgree() => Assert.Equal(
        "p.yaml:7:38: error: \"a.b\" is already declared as STRING, not INT64.",
        Loaded.Problems("""
            kind: attributemanifest
            metadata: {name: m}
            spec: {attributes: {a.b: {valueType: STRING}, source.ip: {value_type: IP_ADDRESS}}}
            ---
            kind: attributemanifest
            metadata: {name: n}
            spec: {attributes: {a.b: {valueType: INT64}}}
            """));

    [Fact]
    public void Problems_OfSeveralFiles_AreAllToldInTheirOrder()
    {
        LoadResult loaded = ConfigLoader.Load(
            [
                new ConfigSource("b.yaml", Loaded.Rule("sorce.name == 'x'") + "\n---\nkind: hander\nmetadata: {name: x}"),
                new ConfigSource("base.yaml", Loaded.Base),
                new ConfigSource("a.json", """{"kind": "rule", "metadata": {"name": "r"}, "spec": {"match": "1", "actions": [{"handler": "sinc"}]}}"""),
            ],
            Loaded.Adapters);

        Assert.False(loaded.IsValid);
        Assert.Null(loaded.Snapshot);
        Assert.Equal(
            """
            a.json:1:64: error: "match": expected BOOL, found INT64.
            a.json:1:80: error: The action has no instances: it needs at least one.
            a.json:1:92: error: There is no handler "sinc.handler.istio-system". Did you mean "sink"?
            b.yaml:3:15: error: Unknown attribute "sorce.name". Did you mean "source.name"?
            b.yaml:5:7: error: Unknown kind 'hander': expected attributemanifest, handler, instance, rule, QuotaSpec, QuotaSpecBinding, or the name of an adapter or template. Did you mean "handler"?
            """,
            string.Join('\n', loaded.Problems));
    }

    [Fact]
    public void Reference_ToANameOfAnotherNamespace_IsAProblemWithItsFullName() => Assert.Equal(
        "p.yaml:3:41: error: There is no handler \"sink.handler.shop\". Did you mean \"sink.handler.istio-system\"?",
        Loaded.Problems(Loaded.Rule("true").Replace("tested", "tested, namespace: shop", StringComparison.Ordinal)
            .Replace("nothing", "nothing.istio-system", StringComparison.Ordinal)));

    [Fact]
    public void Reference_ToWhatIsWrongItself_IsNoSecondProblem() => Assert.Equal(
        "p.yaml:3:25: error: Unknown adapter 'pikky'. Did you mean \"picky\"?",
        Loaded.Problems(Handler + "spec: {compiledAdapter: pikky}\n---\n" + Loaded.Rule("true").Replace("sink", "h", StringComparison.Ordinal)));
}
