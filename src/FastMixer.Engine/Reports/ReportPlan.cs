using FastMixer.Engine.Reports.Delivery;
using FastMixer.Engine.Reports.Metrics;
using FastMixer.Policy.Rules;
using FastMixer.Policy.Templates;

namespace FastMixer.Engine.Reports;

/// <summary>What each rule of a configuration sends where. Immutable.</summary>
internal sealed class ReportPlan
{
    private readonly Dictionary<Rule, Shipment[]> _shipments = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, DimensionGroup> _groups = new(StringComparer.Ordinal);

    /// <summary>The plan of a configuration; makes the tables of metrics that handlers do not have yet.</summary>
    /// <param name="policy">The configuration.</param>
    /// <param name="workers">What brings reports to each handler, by its index; null where it takes none.</param>
    public ReportPlan(Snapshot policy, IReadOnlyList<ReportWorker?> workers)
    {
        Rule[] rules = [.. policy.Rules.Where(rule => rule.Actions.Any(IsOfReports))];
        var metrics = new Dictionary<(int Handler, string Instance), Metric>();
        foreach (IGrouping<int, RuleAction> handler in rules.SelectMany(rule => rule.Actions).Where(IsOfReports).GroupBy(action => action.Handler))
        {
            AddMetrics(handler.Key, workers[handler.Key]!, [.. handler.Select(action => action.Instance).DistinctBy(instance => instance.FullName)], metrics);
        }

        foreach (Rule rule in rules)
        {
            _shipments.Add(rule, [.. ShipmentsOf(rule, workers, metrics)]);
        }
    }

    /// <summary>How many groups of dimensions there are.</summary>
    public int Groups => _groups.Count;

    /// <summary>What a rule sends. No allocation.</summary>
    public ReadOnlySpan<Shipment> Of(Rule rule) => _shipments.TryGetValue(rule, out Shipment[]? shipments) ? shipments : [];

    private static bool IsOfReports(RuleAction action) => action.Instance.Template.Variety == Variety.Report;

    private void AddMetrics(int index, ReportWorker worker, Instance[] instances, Dictionary<(int, string), Metric> metrics)
    {
        var defined = instances
            .Where(instance => instance.Template.Name == "metric")
            .Select(instance => (Instance: instance, Definition: worker.Handler.Aggregate(instance)))
            .Where(metric => metric.Definition is not null)
            .Select(metric => (metric.Instance, Definition: metric.Definition!))
            .OrderBy(metric => metric.Instance.FullName, StringComparer.Ordinal)
            .GroupBy(metric => (Group: GroupOf(metric.Instance), metric.Definition.MaxSeries, metric.Definition.IdleTime));
        foreach (var alike in defined)
        {
            MetricTable table = worker.Tables.GetOrMake(alike.Key.Group.Fields, [.. alike]);
            foreach ((Instance instance, int column) in alike.Select((metric, column) => (metric.Instance, column)))
            {
                metrics.Add((index, instance.FullName), new Metric(table, column, alike.Key.Group));
            }
        }
    }

    // Dimensions are alike if they have the same names and expressions: within one configuration these then give the same values.
    private DimensionGroup GroupOf(Instance instance)
    {
        InstanceField[] fields = [.. instance.Fields.Where(field => field.Path == "dimensions")];
        string expressions = string.Join('\0', fields.SelectMany(field => (string[])[field.Key!, field.Text]));
        if (!_groups.TryGetValue(expressions, out DimensionGroup? group))
        {
            group = new DimensionGroup(_groups.Count, instance, fields);
            _groups.Add(expressions, group);
        }

        return group;
    }

    private static IEnumerable<Shipment> ShipmentsOf(Rule rule, IReadOnlyList<ReportWorker?> workers, Dictionary<(int, string), Metric> metrics)
    {
        RuleAction[] actions = [.. rule.Actions.Where(IsOfReports)];
        foreach (RuleAction action in actions.Where(action => !metrics.ContainsKey((action.Handler, action.Instance.FullName))))
        {
            yield return new Shipment(workers[action.Handler]!, new SendPlan(action.Instance), null, []);
        }

        var summed = actions
            .Where(action => metrics.ContainsKey((action.Handler, action.Instance.FullName)))
            .Select(action => (action.Handler, action.Instance, Metric: metrics[(action.Handler, action.Instance.FullName)]))
            .GroupBy(action => (action.Handler, action.Metric.Table));
        foreach (var together in summed)
        {
            yield return new Shipment(
                workers[together.Key.Handler]!,
                new SendPlan(together.Key.Table, [.. together.Select(metric => metric.Metric.Column)]),
                together.First().Metric.Group,
                [.. together.Select(metric => new MetricValue(metric.Instance, together.Key.Table.Columns[metric.Metric.Column]))]);
        }
    }

    private sealed record Metric(MetricTable Table, int Column, DimensionGroup Group);
}

/// <summary>Something that a rule sends to a handler.</summary>
/// <param name="Worker">The handler's.</param>
/// <param name="Plan">What it is.</param>
/// <param name="Dimensions">The dimensions of metrics, or null.</param>
/// <param name="Values">The values of metrics.</param>
internal sealed record Shipment(ReportWorker Worker, SendPlan Plan, DimensionGroup? Dimensions, MetricValue[] Values);

/// <summary>Dimensions that metrics have in common, and that are evaluated once a record for all of them.</summary>
/// <param name="Index">Its number in the configuration.</param>
/// <param name="Instance">An instance that has them.</param>
/// <param name="Fields">They.</param>
internal sealed record DimensionGroup(int Index, Instance Instance, InstanceField[] Fields);
