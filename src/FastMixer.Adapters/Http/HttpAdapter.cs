using System.Text;
using FastMixer.Adapters.Backends;
using FastMixer.Engine.Handlers;
using FastMixer.Policy.Config;
using FastMixer.Policy.Rules;
using FastMixer.Protocol.Messages;

namespace FastMixer.Adapters.Http;

/// <summary>Asks an authorization service of any kind by HTTP: its status decides, its cache headers say how long.</summary>
public sealed class HttpAdapter : Adapter
{
    private const int DefaultUseCount = 1000;
    private const int MostFields = 32;

    private static readonly TimeSpan DefaultCachingInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DefaultMaxCachingInterval = TimeSpan.FromMinutes(5);
    private static readonly string[] DefaultPassedHeaders = ["content-type", "location", "www-authenticate"];

    /// <inheritdoc/>
    public override AdapterDescriptor Descriptor { get; } =
        new("http", ["checknothing", "listentry", "authorization", "apikey"], ReadParameters) { HasBackend = true, CheckInstance = CheckInstance };

    /// <inheritdoc/>
    public override IHandler CreateHandler(HandlerDefinition definition, HandlerServices services) =>
        new HttpHandler((HttpSettings)definition.Parameters, services.Time);

    private static HttpSettings ReadParameters(ParameterReader reader) => new(
        HttpBackendReader.Read(reader, "url"),
        reader.Choice("method", WebhookMethod.Post),
        ReadFields(reader, "field_headers", HttpBackendReader.TryReadName),
        ReadFields(reader, "query", static (_, _) => true),
        new LifeSettings(
            reader.Duration("caching_interval", DefaultCachingInterval),
            reader.Duration("max_caching_interval", DefaultMaxCachingInterval),
            reader.Int32("caching_use_count", DefaultUseCount, -1, int.MaxValue)),
        ReadPassedHeaders(reader));

    private static List<FieldTarget> ReadFields(ParameterReader reader, string name, Func<ParameterReader, ConfigField, bool> isName)
    {
        var fields = new List<FieldTarget>();
        foreach (ConfigField field in reader.Map(name))
        {
            if (field.Value is not ScalarNode { Text.Length: > 0 } scalar)
            {
                reader.Fail(field.Value.Place, $"\"{field.Name}\": expected the name of a field, such as subject.user, found {field.Value.Describe()}.");
            }
            else if (isName(reader, field))
            {
                fields.Add(new FieldTarget(field.Name, scalar.Text));
            }
        }

        if (fields.Count > MostFields)
        {
            reader.Fail(reader.Field(name)!.Place, $"\"{name}\": at most {MostFields} are allowed, found {fields.Count}.");
        }

        return fields;
    }

    private static string[]? ReadPassedHeaders(ParameterReader reader)
    {
        bool passes = reader.Bool("pass_response", false);
        IReadOnlyList<ScalarNode> names = reader.TextList("pass_headers");
        foreach (ScalarNode name in names.Where(name => !HeaderSyntax.IsName(Encoding.UTF8.GetBytes(name.Text))))
        {
            reader.Fail(name.Place, $"\"pass_headers\": expected the names of headers, found {name.Describe()}.");
        }

        ConfigField? field = reader.Field("pass_headers");
        if (field is not null && !passes)
        {
            reader.Fail(field.Place, "\"pass_headers\" has no meaning unless \"pass_response\" is true.");
        }

        return !passes ? null : field is null ? DefaultPassedHeaders : [.. names.Select(name => name.Text)];
    }

    private static string? CheckInstance(object parameters, Instance instance)
    {
        var settings = (HttpSettings)parameters;
        return settings.FieldHeaders.Concat(settings.Query).Select(target => FieldPath.Check(instance, target.Field)).FirstOrDefault(problem => problem is not null);
    }
}
