using System.Text;

namespace FastMixer.Engine.Tests.Verdicts.Model;

/// <summary>A policy of random rules for the model, that changes a little when told to. Attributes and values are few, so that requests meet rules.</summary>
internal sealed class RandomPolicy
{
    private static readonly string[] Values = ["\"a\"", "\"b\"", "\"\""];

    private readonly Random _random;
    private readonly List<string> _rules;
    private readonly string[] _salts = ["1", "2", "3"];
    private readonly bool _computes;
    private bool _generates;
    private bool _charges;
    private int _made;

    public RandomPolicy(Random random)
    {
        _random = random;
        _computes = random.Next(3) == 0;
        _generates = random.Next(6) == 0;
        _charges = random.Next(5) == 0;
        _rules = [.. Enumerable.Range(0, random.Next(1, 14)).Select(_ => MakeRule())];
    }

    /// <summary>
    /// Whether keys of maps are computed. Whether the map was there is then not always noted where the key was absent: it made no difference. So a verdict
    /// may be handed out with other references than evaluation would have noted, which hold for the request all the same.
    /// </summary>
    public bool ComputesKeys => _computes;

    /// <summary>Changes something, or nothing.</summary>
    public void Change()
    {
        switch (_random.Next(8))
        {
            case 0:
                _salts[_random.Next(_salts.Length)] = $"{_random.Next(1000)}";
                break;
            case 1 when _rules.Count > 1:
                _rules.RemoveAt(_random.Next(_rules.Count));
                break;
            case 2 or 3:
                _rules.Insert(_random.Next(_rules.Count + 1), MakeRule());
                break;
            case 4:
                _rules[_random.Next(_rules.Count)] = MakeRule();
                break;
            case 5 when _random.Next(4) == 0:
                _generates = !_generates;
                break;
            case 6 when _random.Next(4) == 0:
                _charges = !_charges;
                break;
        }
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        for (int i = 0; i < _salts.Length; i++)
        {
            string onError = i == 2 ? ", onError: allow" : "";
            Append(text, $"kind: handler\nmetadata: {{name: h{i}}}\nspec: {{compiledAdapter: moody, params: {{salt: s{_salts[i]}}}{onError}}}");
        }

        Append(text, "kind: instance\nmetadata: {name: nothing}\nspec: {compiledTemplate: checknothing}");
        Append(text, "kind: instance\nmetadata: {name: name}\nspec: {compiledTemplate: listentry, params: {value: source.name}}");
        Append(text, "kind: instance\nmetadata: {name: header}\nspec: {compiledTemplate: listentry, params: {value: 'request.headers[\"b\"] | source.uid | \"none\"'}}");
        string computed = _computes ? "request.headers[source.uid]" : "request.headers[\"ab\"]";
        Append(text, $"kind: instance\nmetadata: {{name: computed}}\nspec: {{compiledTemplate: listentry, params: {{value: '{computed} | \"none\"'}}}}");
        Append(text, "kind: instance\nmetadata: {name: requests}\nspec: {compiledTemplate: quota, params: {dimensions: {uid: 'source.uid | \"none\"', c: 'request.headers[\"c\"] | \"none\"'}}}");
        Append(text, "kind: rule\nmetadata: {name: requests}\nspec: {match: 'source.name != \"b\"', actions: [{handler: h0, instances: [requests]}]}");
        foreach (string rule in _rules)
        {
            Append(text, rule);
        }

        if (_generates)
        {
            Append(text, "kind: kubernetes\nmetadata: {name: pod}\nspec: {source_uid: 'source.uid | \"none\"', attribute_bindings: {source.namespace: '$out.source_namespace | \"nowhere\"'}}");
            Append(text, $"kind: rule\nmetadata: {{name: generate}}\nspec: {{match: 'source.user != \"a\"', actions: [{{handler: h1, instances: [pod.kubernetes]}}]}}");
        }

        if (_charges)
        {
            Append(text, "kind: QuotaSpec\nmetadata: {name: all}\nspec: {rules: [{match: [{clause: {source.user: {exact: a}}}], quotas: [{quota: requests, charge: 2}]}]}");
            Append(text, "kind: QuotaSpecBinding\nmetadata: {name: all}\nspec: {quotaSpecs: [{name: all}], services: [{service: '*'}]}");
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, string resource) => text.Append("---\n").Append(resource).Append('\n');

    private string MakeRule()
    {
        var text = new StringBuilder();
        string space = Pick("istio-system", "istio-system", "istio-system", "shop", "bank");
        string match = string.Join(" && ", Enumerable.Range(0, _random.Next(0, 4)).Select(_ => $"({MakeConjunct()})"));
        string onError = Pick("", "", "", ", onError: deny", ", onError: allow", ", onError: ignore-rule");
        string actions = string.Join(", ", Enumerable.Range(0, _random.Next(1, 3)).Select(_ => $"{{handler: h{_random.Next(3)}.istio-system, instances: [{Pick("nothing", "name", "header", "computed")}.istio-system]}}"));
        string headers = Pick("", "", "", ", requestHeaderOperations: [{name: x-name, values: [source.name]}]", ", responseHeaderOperations: [{name: x-b, operation: APPEND, values: ['request.headers[\"b\"]']}, {name: server, operation: REMOVE}]");
        text.Append($"kind: rule\nmetadata: {{name: r{_made++}, namespace: {space}}}\nspec: {{match: '{match}', actions: [{actions}]{onError}{headers}}}");
        return text.ToString();
    }

    private string MakeConjunct() => _random.Next(12) switch
    {
        0 => $"source.name == {SomeValue}",
        1 => $"source.uid == {SomeValue}",
        2 => $"request.headers[\"a\"] == {SomeValue}",
        3 => $"(request.headers[\"b\"] | \"z\") == {SomeValue}",
        4 when _computes => $"(request.headers[source.name] | {SomeValue}) == {SomeValue}",
        5 => $"(source.user | {SomeValue}) != {SomeValue}",
        6 => $"source.uid in [{SomeValue}, {SomeValue}]",
        7 => $"source.name.startsWith({SomeValue}) || source.user == {SomeValue}",
        8 => "source.ip == ip(\"10.0.0.1\")",
        9 => "(connection.duration | \"0s\") > \"1s\"",
        10 => $"has(request.headers) && request.headers[\"c\"] == {SomeValue}",
        _ => $"(source.namespace | \"none\") == \"{Pick("shop", "bank", "none", "nowhere")}\"",
    };

    private string SomeValue => Values[_random.Next(Values.Length)];

    private string Pick(params string[] choices) => choices[_random.Next(choices.Length)];
}
