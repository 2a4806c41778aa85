using FastMixer.Adapters.Rbac;
using FastMixer.Adapters.Tests.Support;
using FastMixer.Engine.Checks;
using FastMixer.Engine.Tests.Support;
using FastMixer.Protocol.Messages;
using FastMixer.Testing;

namespace FastMixer.Adapters.Tests.Rbac;

/// <summary>What roles and bindings allow, over the whole way of a check.</summary>
public sealed class RbacTests
{
    private const string Roles = """
        roles:
        - name: viewer
          namespace: shop
          rules:
          - {services: [products, "*.public"], methods: [GET, HEAD]}
          - {services: ["adm*"], paths: [/health, "/static/*", "*.css"], methods: ["*"], constraints: [{key: version, values: [v1, "v2*"]}]}
        - name: editor
          namespace: shop
          rules: [{services: ["*"], methods: [POST]}]
        - name: viewer
          namespace: bank
          rules: [{services: ["*"], methods: ["*"]}]
        bindings:
        - {namespace: shop, roleRef: {kind: ServiceRole, name: viewer}, subjects: [{user: "*"}]}
        - {name: editors, namespace: shop, role_ref: {name: editor}, subjects: [{group: editors}, {user: jane, properties: {team: a}}, {properties: {team: b*}}]}
        """;

    [Theory]
    [InlineData("shop products GET /", "", StatusCode.Ok)]
    [InlineData("shop products HEAD /x", "", StatusCode.Ok)]
    [InlineData("shop products get /", "", StatusCode.PermissionDenied)]
    [InlineData("shop products DELETE /", "", StatusCode.PermissionDenied)]
    [InlineData("shop a.public GET /", "", StatusCode.Ok)]
    [InlineData("shop products2 GET /", "", StatusCode.PermissionDenied)]
    [InlineData("shop admin GET /health", "version=v1", StatusCode.Ok)]
    [InlineData("shop admin PUT /static/", "version=v2.7", StatusCode.Ok)]
    [InlineData("shop adm GET /a.css", "version=v1", StatusCode.Ok)]
    [InlineData("shop admin GET /health", "version=v3", StatusCode.PermissionDenied)]
    [InlineData("shop admin GET /health/", "version=v1", StatusCode.PermissionDenied)]
    [InlineData("shop products POST /", "", StatusCode.PermissionDenied)]
    [InlineData("shop products POST /", "group=editors", StatusCode.Ok)]
    [InlineData("shop products POST /", "group=editor", StatusCode.PermissionDenied)]
    [InlineData("shop products POST /", "user=jane team=a", StatusCode.Ok)]
    [InlineData("shop products POST /", "user=jane team=c", StatusCode.PermissionDenied)]
    [InlineData("shop products POST /", "user=joe team=a", StatusCode.PermissionDenied)]
    [InlineData("shop products POST /", "user=joe team=blue", StatusCode.Ok)]
    [InlineData("bank products GET /", "user=jane", StatusCode.PermissionDenied)]
    [InlineData("elsewhere products GET /", "", StatusCode.PermissionDenied)]
    [InlineData("- products GET /", "", StatusCode.InvalidArgument)]
    [InlineData("shop - GET /", "", StatusCode.InvalidArgument)]
    [InlineData("shop products - /", "", StatusCode.InvalidArgument)]
    [InlineData("shop products GET -", "", StatusCode.InvalidArgument)]
    public async Task Request_IsAllowed_IfARoleOfItsNamespaceAllowsItToItsSubject(string action, string more, StatusCode status)
    {
        await using TestEngine engine = Start(Roles);

        Answer answer = await engine.CheckAsync(attributes => Fill(attributes, action, more));

        Assert.Equal((null, status, TimeSpan.FromSeconds(60), 1_000_000_000), (answer.Failure, answer.Status, answer.ValidDuration, answer.ValidUseCount));
    }

    [Fact]
    public async Task Answers_AllocateNothing_AndLiveAsConfigured()
    {
        await using TestEngine engine = Start(Roles + "\ncache_duration: 7s\ncache_use_count: 3");
        Answer answer = await engine.CheckAsync(attributes => Fill(attributes, "shop products DELETE /", ""));
        byte[] message = TestEngine.Encode("", attributes => Fill(attributes, "shop admin GET /health", "version=v2 user=joe team=blue"));
        CheckCall call = engine.Engine.Calls.Get();

        AllocationAssert.Zero(1_000, () =>
        {
            engine.Read(call, message);
            ValueTask answered = engine.Engine.CheckAsync(call);
            Assert.True(answered.IsCompletedSuccessfully);
        });

        engine.Engine.Calls.Return(call);
        Assert.Equal(
            (StatusCode.PermissionDenied, "roles.istio-system:no role allows it", TimeSpan.FromSeconds(7), 3),
            (answer.Status, answer.Message, answer.ValidDuration, answer.ValidUseCount));
    }

    [Theory]
    [InlineData("{services: [a], methods: [GET]}", "{user: jane}", "config_store_url: k8s://", "Unknown field \"config_store_url\".")]
    [InlineData("{methods: [GET]}", "{user: jane}", "", "3:11: \"services\": expected at least one; [\"*\"] is every service.")]
    [InlineData("{services: [a]}", "{user: jane}", "", "3:11: \"methods\": expected at least one; [\"*\"] is every method.")]
    [InlineData("{services: ['*a*'], methods: [GET]}", "{user: jane}", "", "3:23: \"services\": expected a text, with one '*' at its beginning or its end or none, found '*a*'.")]
    [InlineData("{services: [a], methods: [G*T]}", "{user: jane}", "", "3:37: \"methods\": expected a text, with one '*'")]
    [InlineData("{services: [a], methods: [GET], paths: ['']}", "{user: jane}", "", "\"paths\": expected a text, with one '*'")]
    [InlineData("{services: [a], methods: [GET], constraints: [{key: version}]}", "{user: jane}", "", "\"values\": expected at least one; [\"*\"] is every value.")]
    [InlineData("{services: [a], methods: [GET], constraints: [{values: [x]}]}", "{user: jane}", "", "The field \"key\" is missing.")]
    [InlineData("{services: [a], methods: [GET], path: [x]}", "{user: jane}", "", "Unknown field \"path\". Did you mean \"paths\"?")]
    [InlineData("{services: [a], methods: [GET]}", "{}", "", "A subject needs a \"user\", a \"group\" or \"properties\"; user: \"*\" is everyone.")]
    [InlineData("{services: [a], methods: [GET]}", "{properties: {}}", "", "A subject needs a \"user\", a \"group\" or \"properties\"; user: \"*\" is everyone.")]
    [InlineData("{services: [a], methods: [GET]}", "{properties: {a: [b]}}", "", "\"a\": expected a text, found a list.")]
    [InlineData("{services: [a], methods: [GET], constraints: [{key: size, values: [x]}]}", "{user: jane}", "", "The roles compare the property \"size\" with texts, which in \"entry.instance.istio-system\" is of type INT64.")]
    public void WrongParameters_AreToldWithTheirPlace(string rule, string subject, string more, string problem)
    {
        const string Instance = "{compiledTemplate: authorization, params: {action: {properties: {size: request.size}}}}";
        string parameters = $$"""
            roles:
            - {name: viewer, namespace: shop,
              rules: [{{rule}}]}
            bindings: [{namespace: shop, role_ref: {name: viewer}, subjects: [{{subject}}]}]
            {{more}}
            """;

        Assert.Contains(Parameters.Problems(new RbacAdapter(), parameters, Instance), one => one.Contains(problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{namespace: shop, role_ref: {name: viever}, subjects: [{user: a}]}", "There is no role 'viever' in the namespace \"shop\". Did you mean \"viewer\"?")]
    [InlineData("{namespace: bank, role_ref: {name: viewer}, subjects: [{user: a}]}", "There is no role 'viewer' in the namespace \"bank\".")]
    [InlineData("{namespace: shop, role_ref: {name: viewer, kind: Role}, subjects: [{user: a}]}", "\"kind\": expected ServiceRole, found 'Role'.")]
    [InlineData("{namespace: shop, subjects: [{user: a}]}", "The field \"roleRef\" is missing.")]
    [InlineData("{namespace: shop, role_ref: {name: viewer}}", "\"subjects\": expected at least one subject.")]
    [InlineData("{role_ref: {name: viewer}, subjects: [{user: a}]}", "The field \"namespace\" is missing.")]
    public void WrongBindings_AreTold(string binding, string problem)
    {
        string parameters = "roles: [{name: viewer, namespace: shop, rules: [{services: [a], methods: [GET]}]}]\nbindings: [" + binding + "]";

        Assert.Contains(Parameters.Problems(new RbacAdapter(), parameters), one => one.Contains(problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("roles: []", "1:1: \"roles\": expected at least one role")]
    [InlineData("roles: [{name: a, namespace: b, rules: []}]", "1:9: \"rules\": expected at least one rule.")]
    [InlineData(
        "roles: [{name: a, namespace: b, rules: [{services: [a], methods: [b]}]}, {name: a, namespace: b, rules: [{services: [a], methods: [b]}]}]",
        "1:74: The role \"a\" of the namespace \"b\" stands here twice.")]
    public void WrongRoles_AreTold(string parameters, string problem) =>
        Assert.StartsWith(problem, Assert.Single(Parameters.Problems(new RbacAdapter(), parameters)), StringComparison.Ordinal);

    private static void Fill(Protocol.Attributes.AttributeWriter attributes, string action, string more)
    {
        string[] parts = action.Split(' ');
        string[] names = ["destination.namespace", "destination.service.name", "request.method", "request.path"];
        for (int i = 0; i < names.Length; i++)
        {
            attributes.Set(names[i], parts[i] == "-" ? "" : parts[i]);
        }

        var values = more.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split('=')).ToDictionary(one => one[0], one => one[1]);
        attributes.Set("source.user", values.GetValueOrDefault("user", ""));
        attributes.Set("source.name", values.GetValueOrDefault("group", ""));
        attributes.Set("source.labels", [KeyValuePair.Create("team", values.GetValueOrDefault("team", ""))]);
        attributes.Set("destination.labels", [KeyValuePair.Create("version", values.GetValueOrDefault("version", ""))]);
    }

    private static TestEngine Start(string parameters) => TestEngine.Start($$"""
        kind: handler
        metadata: {name: roles}
        spec:
          compiledAdapter: rbac
          params:
            {{parameters.ReplaceLineEndings("\n    ")}}
        ---
        kind: instance
        metadata: {name: request}
        spec:
          compiledTemplate: authorization
          params:
            subject: {user: source.user, groups: source.name, properties: {team: 'source.labels["team"]'} }
            action:
              namespace: destination.namespace
              service: destination.service.name
              method: request.method
              path: request.path
              properties: {version: 'destination.labels["version"]'}
        ---
        kind: rule
        metadata: {name: check}
        spec: {actions: [{handler: roles, instances: [request]}]}
        """, new RbacAdapter());
}
