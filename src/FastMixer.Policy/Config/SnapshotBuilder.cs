using FastMixer.Policy.Config.Warnings;
using FastMixer.Policy.Language.Compilation;
using FastMixer.Policy.Language.References;
using FastMixer.Policy.Rules;
using FastMixer.Policy.Rules.Index;
using FastMixer.Policy.Templates;

namespace FastMixer.Policy.Config;

/// <summary>Checks and compiles resources, in the order in which they need each other: manifests, handlers, instances, rules.</summary>
internal sealed class SnapshotBuilder
{
    private readonly IReadOnlyList<Resource> _resources;
    private readonly AdapterCatalog _adapters;
    private readonly ConfigOptions _options;
    private readonly ICollection<Problem> _problems;
    private readonly ReferenceTable _references;
    private readonly Compiler _compiler;
    private readonly MatchCompiler _matches;
    private readonly PolicyWarnings _warnings;
    private readonly List<HandlerDefinition> _handlers = [];
    private readonly Dictionary<string, int> _handlerIndexes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Instance> _instances = new(StringComparer.Ordinal);
    private readonly HashSet<string> _broken = new(StringComparer.Ordinal);
    private readonly HashSet<int> _usedHandlers = [];
    private readonly Dictionary<string, ConfigNode> _texts = new(StringComparer.Ordinal);

    public SnapshotBuilder(
        IReadOnlyList<Resource> resources, AdapterCatalog adapters, ConfigOptions options, ICollection<Problem> problems)
    {
        _resources = resources;
        _adapters = adapters;
        _options = options;
        _problems = problems;
        _references = new ReferenceTable(ManifestReader.Read(resources, problems));
        _compiler = new Compiler(_references);
        _matches = new MatchCompiler(_compiler);
        _warnings = new PolicyWarnings(_compiler, problems);
    }

    /// <summary>The snapshot; of no use if there was an error.</summary>
    public Snapshot Build()
    {
        foreach (Resource resource in _resources)
        {
            ReadHandlerOrInstance(resource);
        }

        List<Rule> rules = [.. _resources.Where(resource => resource.Name.Kind == "rule").Select(ReadRule)];
        WarnOfUnusedHandlers();
        _warnings.OfUnusedInstances(_resources, _instances, rules);
        IReadOnlyList<Rule> charges = new QuotaSpecReader(_compiler, _matches, _problems).Read(_resources, _instances.Values, _options.RootNamespace);
        List<HandlerDefinition> handlers = Fingerprinted(rules);
        return new Snapshot(
            _options, _references, handlers, [.. rules.Select(rule => rule with { Fingerprint = Fingerprint.Of(rule, handlers) })], charges)
        {
            Digest = Fingerprint.Of(_resources, _options),
        };
    }

    private void ReadHandlerOrInstance(Resource resource)
    {
        string kind = resource.Name.Kind;
        int before = _problems.Count;
        if (kind == "handler")
        {
            ReadHandler(resource);
        }
        else if (kind == "instance")
        {
            ReadInstance(resource);
        }
        else if (Template.Find(kind) is { } template)
        {
            ReadLegacyInstance(resource, template);
        }
        else if (_adapters.Find(kind) is { } adapter)
        {
            AddHandler(resource, new HandlerSource(adapter, resource.Name.ToString(), resource.Spec));
        }

        if (!resource.IsKnown || _problems.Skip(before).Any(problem => problem.Severity == Severity.Error))
        {
            _broken.Add(resource.Name.ToString());
        }
    }

    private void ReadHandler(Resource resource)
    {
        var reader = new ParameterReader(resource.Spec, _problems);
        ScalarNode? name = ReadCompiled(reader, "compiledAdapter", "adapter", "connection");
        ConfigNode parameters = reader.Field("params")?.Value ?? new MappingNode(resource.Place, []);
        ErrorPolicy onError = OnErrorField.Read(reader);
        ConfigField? resilience = reader.Field("resilience");
        reader.End();
        AdapterDescriptor? adapter = name is null ? null : _adapters.Find(name.Text);
        if (adapter is not null)
        {
            AddHandler(
                resource, new HandlerSource(adapter, $"{resource.Name.Name}.{resource.Name.Namespace}", parameters) { OnError = onError, Resilience = resilience });
        }
        else if (name is not null)
        {
            reader.Fail(name.Place, _adapters.Unknown(name));
        }
    }

    // What is built in; beside it or in its place may stand what Mixer knew of adapters elsewhere, of which one problem is enough.
    private static ScalarNode? ReadCompiled(ParameterReader reader, string name, params ReadOnlySpan<string> elsewhere)
    {
        ConfigField? found = null;
        foreach (string field in elsewhere)
        {
            found = reader.Field(field) is { } other && found is null ? other : found;
        }

        if (found is null)
        {
            return reader.RequiredText(name);
        }

        reader.Fail(found.Place, $"\"{found.Name}\" is for adapters that run in a process of their own, which are not known here: \"{name}\" alone names one.");
        return reader.Scalar(name, "text");
    }

    private void AddHandler(Resource resource, HandlerSource source)
    {
        var reader = new ParameterReader(source.Parameters, _problems);
        object read = source.Adapter.ReadParameters(reader);
        reader.End();
        string fullName = resource.Name.ToString();
        _handlerIndexes.Add(fullName, _handlers.Count);
        _texts.Add(fullName, source.Resilience is null ? source.Parameters : new SequenceNode(resource.Place, [source.Parameters, source.Resilience.Value]));
        _handlers.Add(new HandlerDefinition(fullName, source.DisplayName, source.Adapter, read)
        {
            OnError = source.OnError,
            Resilience = source.Resilience is null ? new Resilience() : ReadResilience(source.Adapter, source.Resilience),
        });
    }

    private Resilience ReadResilience(AdapterDescriptor adapter, ConfigField field)
    {
        if (!adapter.HasBackend)
        {
            Fail(field.Place, $"\"resilience\" is for handlers whose checks ask a backend; those of the adapter {adapter.Name} do not. How it sends reports, if it does, is among its params.");
        }

        return ResilienceReader.Read(new ParameterReader(field.Value, _problems));
    }

    private void ReadInstance(Resource resource)
    {
        var reader = new ParameterReader(resource.Spec, _problems);
        ScalarNode? name = ReadCompiled(reader, "compiledTemplate", "template");
        ConfigNode parameters = reader.Field("params")?.Value ?? new MappingNode(resource.Place, []);
        Template? template = name is null ? null : Template.Find(name.Text);
        ConfigField? bindings = template is { Variety: not Variety.AttributeGenerator } ? null : reader.Field("attribute_bindings");
        reader.End();
        if (template is not null)
        {
            AddInstance(resource, template, parameters, bindings);
        }
        else if (name is not null)
        {
            IEnumerable<string> known = Template.All.Select(candidate => candidate.Name);
            string hint = Suggestion.For(name.Text, known);
            reader.Fail(
                name.Place, $"Unknown template {name.Describe()}.{(hint.Length > 0 ? hint : $" Known are: {string.Join(", ", known)}.")}");
        }
    }

    // In the older form, the bindings stand among the fields.
    private void ReadLegacyInstance(Resource resource, Template template)
    {
        ConfigField? bindings = null;
        ConfigNode parameters = resource.Spec;
        if (template.Variety == Variety.AttributeGenerator && resource.Spec is MappingNode mapping)
        {
            bindings = new ParameterReader(mapping, _problems).Field("attribute_bindings");
            parameters = new MappingNode(mapping.Place, [.. mapping.Fields.Where(field => field != bindings)]);
        }

        AddInstance(resource, template, parameters, bindings);
    }

    private void AddInstance(Resource resource, Template template, ConfigNode parameters, ConfigField? bindings)
    {
        _texts.Add(resource.Name.ToString(), bindings is null ? parameters : new SequenceNode(resource.Place, [parameters, bindings.Value]));
        _warnings.OfInstance(template, parameters);
        var fields = new InstanceFields(_compiler, _problems);
        _instances.Add(
            resource.Name.ToString(),
            new Instance(resource.Name.Name, resource.Name.ToString(), template, fields.Read(template, parameters))
            {
                Bindings = bindings is null ? [] : new AttributeBindingReader(_references, _problems).Read(bindings.Value),
            });
    }

    private Rule ReadRule(Resource resource)
    {
        var reader = new ParameterReader(resource.Spec, _problems);
        ConfigNode? written = reader.Field("match")?.Value;
        Predicate? match = written is null ? null : ReadMatch(written);
        ErrorPolicy onError = OnErrorField.Read(reader);
        IReadOnlyList<ParameterReader> actionReaders = reader.ObjectList("actions");
        List<RuleAction> actions = [.. actionReaders.SelectMany(action => ReadAction(action, resource))];
        IReadOnlyList<RuleHeaderOperation> headers = new HeaderOperationReader(_compiler, _problems).Read(reader, resource.Place, out bool hasHeaders);
        reader.End();
        if (!hasHeaders && reader.IsMapping && reader.Field("actions") is null or { Value: SequenceNode { Items.Count: 0 } })
        {
            reader.Fail(resource.Place, "The rule has no actions: it needs at least one, with a handler and its instances, or a header operation.");
        }

        if (match is not null)
        {
            _warnings.OfRule((ScalarNode)written!, match, isOfChecks: hasHeaders || actions.Any(action => PolicyWarnings.IsOfChecks(action.Instance.Template)));
        }

        _warnings.OfHeaderOperations(resource.Spec);

        return new Rule(resource.Name.ToString(), resource.Name.Namespace, match, actions) { OnError = onError, HeaderOperations = headers };
    }

    private Predicate? ReadMatch(ConfigNode node)
    {
        if (node is not ScalarNode scalar)
        {
            Fail(node.Place, $"\"match\": expected an expression, found {node.Describe()}.");
            return null;
        }

        if (string.IsNullOrWhiteSpace(scalar.Text) || scalar.Text.Trim() == "true")
        {
            return null;
        }

        ExpressionText.TryCompileMatch(_matches, scalar, _problems, out Predicate? predicate);
        return predicate;
    }

    private List<RuleAction> ReadAction(ParameterReader reader, Resource rule)
    {
        ScalarNode? handlerName = reader.RequiredText("handler");
        reader.Field("name");
        IReadOnlyList<ScalarNode> instanceNames = reader.TextList("instances");
        reader.End();
        if (reader.IsMapping && reader.Field("instances") is null or { Value: SequenceNode { Items.Count: 0 } })
        {
            reader.Fail(reader.Place, "The action has no instances: it needs at least one.");
        }

        if (handlerName is null || !TryFind(_handlerIndexes, "handler", handlerName, rule, out int handler))
        {
            return [];
        }

        _usedHandlers.Add(handler);
        var actions = new List<RuleAction>();
        foreach (ScalarNode name in instanceNames)
        {
            if (TryFind(_instances, "instance", name, rule, out Instance? instance) && Fits(name, instance!, _handlers[handler]))
            {
                if (actions.Any(action => action.Instance == instance))
                {
                    reader.Fail(name.Place, $"The instance {name.Describe()} stands twice in one action.");
                }

                actions.Add(new RuleAction(handler, instance!));
            }
        }

        return actions;
    }

    private bool Fits(ScalarNode place, Instance instance, HandlerDefinition handler)
    {
        if (handler.Adapter.Templates.Contains(instance.Template.Name))
        {
            // An instance or a handler that is wrong itself has been told of already.
            bool isWhole = !_broken.Contains(instance.FullName) && !_broken.Contains(handler.FullName);
            string? problem = isWhole ? handler.Adapter.CheckInstance(handler.Parameters, instance) : null;
            if (problem is not null)
            {
                Fail(place.Place, problem);
            }

            return problem is null;
        }

        Fail(
            place.Place,
            $"The adapter {handler.Adapter.Name} of \"{handler.FullName}\" does not take the template {instance.Template.Name} of "
            + $"\"{instance.FullName}\"; it takes {string.Join(", ", handler.Adapter.Templates)}.");
        return false;
    }

    private bool TryFind<T>(Dictionary<string, T> known, string kind, ScalarNode reference, Resource rule, out T? found)
    {
        foreach (string candidate in ResourceName.Candidates(reference.Text, kind, rule.Name.Namespace))
        {
            if (known.TryGetValue(candidate, out found))
            {
                return true;
            }

            if (_broken.Contains(candidate))
            {
                // Its own problems are told where it is defined.
                return false;
            }
        }

        found = default;
        IEnumerable<string> wanted = ResourceName.Candidates(reference.Text, kind, rule.Name.Namespace).Select(candidate => $"\"{candidate}\"");
        Fail(reference.Place, $"There is no {kind} {string.Join(" or ", wanted)}.{ResourceName.Hint(reference.Text, kind, rule.Name.Namespace, known.Keys)}");
        return false;
    }

    private List<HandlerDefinition> Fingerprinted(List<Rule> rules)
    {
        ILookup<int, Instance> instances = rules.SelectMany(rule => rule.Actions).ToLookup(action => action.Handler, action => action.Instance);
        return
        [
            .. _handlers.Select((handler, index) => handler with
            {
                Fingerprint = Fingerprint.Of(handler, _texts[handler.FullName], instances[index].Distinct().Select(instance => (instance, _texts[instance.FullName]))),
            }),
        ];
    }

    private void WarnOfUnusedHandlers()
    {
        foreach (Resource resource in _resources)
        {
            if (_handlerIndexes.TryGetValue(resource.Name.ToString(), out int index) && !_usedHandlers.Contains(index))
            {
                _problems.Add(new Problem(Severity.Warning, resource.Place, $"No rule uses the handler \"{resource.Name}\"."));
            }
        }
    }

    private void Fail(Place place, string message) => _problems.Add(new Problem(Severity.Error, place, message));

    /// <summary>What a handler is read from.</summary>
    private sealed record HandlerSource(AdapterDescriptor Adapter, string DisplayName, ConfigNode Parameters)
    {
        public ErrorPolicy OnError { get; init; }

        public ConfigField? Resilience { get; init; }
    }
}
