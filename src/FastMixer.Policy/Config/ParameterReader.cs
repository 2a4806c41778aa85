using System.Globalization;
using System.Text;
using FastMixer.Policy.Language;
using FastMixer.Policy.Language.Compilation;

namespace FastMixer.Policy.Config;

/// <summary>
/// Reads the fields of a mapping by name and type, and collects what is wrong with them: a field of the wrong form, out of its range, or that
/// nobody asked for. Names may be written <c>valid_duration</c> or <c>validDuration</c>. Not thread-safe.
/// </summary>
public sealed class ParameterReader
{
    private readonly MappingNode _mapping;
    private readonly ICollection<Problem> _problems;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    /// <summary>A reader of a mapping.</summary>
    /// <param name="node">The mapping; anything else is a problem, and read as an empty one.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public ParameterReader(ConfigNode node, ICollection<Problem> problems)
    {
        _problems = problems;
        _mapping = node as MappingNode ?? new MappingNode(node.Place, []);
        if (node is not MappingNode and not ScalarNode { IsNull: true })
        {
            IsMapping = false;
            Fail(node.Place, $"Expected a mapping of fields, found {node.Describe()}.");
        }
    }

    /// <summary>Whether it is a mapping, or nothing; else that has been told, and no field is missed.</summary>
    internal bool IsMapping { get; } = true;

    /// <summary>Where the mapping begins.</summary>
    public Place Place => _mapping.Place;

    /// <summary>Notes an error.</summary>
    /// <param name="place">Where.</param>
    /// <param name="message">What was found, and what would be right.</param>
    public void Fail(Place place, string message) => _problems.Add(new Problem(Severity.Error, place, message));

    /// <summary>Takes a field as it is.</summary>
    /// <param name="name">Its name, in snake case.</param>
    /// <returns>The field, or null if it is not there or says nothing.</returns>
    public ConfigField? Field(string name)
    {
        string camel = ToCamelCase(name);
        _asked.Add(camel);
        ConfigField? found = null;
        foreach (ConfigField field in _mapping.Fields)
        {
            if (ToCamelCase(field.Name) == camel && field.Value is not ScalarNode { IsNull: true })
            {
                if (found is not null)
                {
                    Fail(field.Place, $"\"{field.Name}\" stands here again as \"{found.Name}\".");
                }

                found = field;
            }
        }

        return found;
    }

    /// <summary>A text.</summary>
    /// <param name="name">The field.</param>
    /// <param name="otherwise">Its value if it is not there.</param>
    public string Text(string name, string otherwise = "") => Scalar(name, "text")?.Text ?? otherwise;

    /// <summary>A text that must be there and say something.</summary>
    /// <param name="name">The field.</param>
    public ScalarNode? RequiredText(string name)
    {
        ScalarNode? scalar = Scalar(name, "text");
        if (scalar is null && Field(name) is null && IsMapping)
        {
            Fail(Place, $"The field \"{ToCamelCase(name)}\" is missing.");
        }
        else if (string.IsNullOrWhiteSpace(scalar?.Text) && scalar is not null)
        {
            Fail(scalar.Place, $"\"{name}\": expected a text that is not empty.");
            return null;
        }

        return scalar;
    }

    /// <summary>A whole number.</summary>
    /// <param name="name">The field.</param>
    /// <param name="otherwise">Its value if it is not there.</param>
    /// <param name="least">The least number allowed.</param>
    /// <param name="greatest">The greatest number allowed.</param>
    public int Int32(string name, int otherwise, int least, int greatest) => (int)Int64(name, otherwise, least, greatest);

    /// <summary>A whole number of up to 64 bits.</summary>
    /// <param name="name">The field.</param>
    /// <param name="otherwise">Its value if it is not there.</param>
    /// <param name="least">The least number allowed.</param>
    /// <param name="greatest">The greatest number allowed.</param>
    public long Int64(string name, long otherwise, long least, long greatest)
    {
        if (Scalar(name, "a whole number") is not { } scalar)
        {
            return otherwise;
        }

        if (long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            && number >= least
            && number <= greatest)
        {
            return number;
        }

        Fail(scalar.Place, $"\"{name}\": expected a whole number from {least} to {greatest}, found {scalar.Describe()}.");
        return otherwise;
    }

    /// <summary>A number.</summary>
    /// <param name="name">The field.</param>
    /// <param name="otherwise">Its value if it is not there.</param>
    /// <param name="least">The least number allowed.</param>
    /// <param name="greatest">The greatest number allowed.</param>
    public double Double(string name, double otherwise, double least, double greatest)
    {
        if (Scalar(name, "a number") is not { } scalar)
        {
            return otherwise;
        }

        if (double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && number >= least
            && number <= greatest)
        {
            return number;
        }

        Fail(scalar.Place, string.Create(
            CultureInfo.InvariantCulture, $"\"{name}\": expected a number from {least} to {greatest}, found {scalar.Describe()}."));
        return otherwise;
    }

    /// <summary>True or false.</summary>
    /// <param name="name">The field.</param>
    /// <param name="otherwise">Its value if it is not there.</param>
    public bool Bool(string name, bool otherwise)
    {
        if (Scalar(name, "true or false") is not { } scalar)
        {
            return otherwise;
        }

        if (bool.TryParse(scalar.Text, out bool flag))
        {
            return flag;
        }

        Fail(scalar.Place, $"\"{name}\": expected true or false, found {scalar.Describe()}.");
        return otherwise;
    }

    /// <summary>A duration such as <c>5s</c>, <c>1h30m</c> or <c>0.5s</c>, not below zero.</summary>
    /// <param name="name">The field.</param>
    /// <param name="otherwise">Its value if it is not there.</param>
    public TimeSpan Duration(string name, TimeSpan otherwise)
    {
        if (Scalar(name, "a duration") is not { } scalar)
        {
            return otherwise;
        }

        if (DurationText.TryParse(scalar.Text, out long nanoseconds) && nanoseconds >= 0)
        {
            return TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
        }

        Fail(scalar.Place, $"\"{name}\": expected a duration such as 5s or 1h30m, found {scalar.Describe()}.");
        return otherwise;
    }

    /// <summary>A duration of a range.</summary>
    /// <param name="name">The field.</param>
    /// <param name="otherwise">Its value if it is not there.</param>
    /// <param name="least">The least duration allowed.</param>
    /// <param name="greatest">The greatest duration allowed.</param>
    public TimeSpan Duration(string name, TimeSpan otherwise, TimeSpan least, TimeSpan greatest)
    {
        TimeSpan duration = Duration(name, otherwise);
        if (duration >= least && duration <= greatest)
        {
            return duration;
        }

        var scalar = (ScalarNode)Field(name)!.Value;
        Fail(scalar.Place, $"\"{name}\": expected a duration from {Format(least)} to {Format(greatest)}, found {scalar.Describe()}.");
        return otherwise;

        static string Format(TimeSpan duration) => DurationText.Format(duration.Ticks * TimeSpan.NanosecondsPerTick);
    }

    /// <summary>One of several names, such as <c>CASE_INSENSITIVE_STRINGS</c>.</summary>
    /// <typeparam name="T">An enum whose members have those names in Pascal case.</typeparam>
    /// <param name="name">The field.</param>
    /// <param name="otherwise">Its value if it is not there.</param>
    public T Choice<T>(string name, T otherwise)
        where T : struct, Enum
    {
        if (Scalar(name, "a name") is not { } scalar)
        {
            return otherwise;
        }

        T[] values = Enum.GetValues<T>();
        int index = Array.FindIndex(values, value => ToUpperSnakeCase(value.ToString()) == scalar.Text);
        if (index >= 0)
        {
            return values[index];
        }

        IEnumerable<string> names = values.Select(value => ToUpperSnakeCase(value.ToString()));
        Fail(
            scalar.Place,
            $"\"{name}\": expected one of {string.Join(", ", names)}, found {scalar.Describe()}.{Suggestion.For(scalar.Text, names)}");
        return otherwise;
    }

    /// <summary>A list of texts, each with its place.</summary>
    /// <param name="name">The field.</param>
    public IReadOnlyList<ScalarNode> TextList(string name)
    {
        var texts = new List<ScalarNode>();
        foreach (ConfigNode item in List(name))
        {
            if (item is ScalarNode scalar)
            {
                texts.Add(scalar);
            }
            else
            {
                Fail(item.Place, $"\"{name}\": expected a text, found {item.Describe()}.");
            }
        }

        return texts;
    }

    /// <summary>The entries of a mapping whose names are free, in the order of the text; none if it is not there.</summary>
    /// <param name="name">The field.</param>
    public IReadOnlyList<ConfigField> Map(string name)
    {
        ConfigField? field = Field(name);
        if (field is null or { Value: MappingNode })
        {
            return ((MappingNode?)field?.Value)?.Fields ?? [];
        }

        Fail(field.Value.Place, $"\"{name}\": expected a mapping, found {field.Value.Describe()}.");
        return [];
    }

    /// <summary>A mapping within this one, or null if it is not there.</summary>
    /// <param name="name">The field.</param>
    public ParameterReader? Object(string name) => Field(name) is { } field ? new ParameterReader(field.Value, _problems) : null;

    /// <summary>A list of mappings.</summary>
    /// <param name="name">The field.</param>
    public IReadOnlyList<ParameterReader> ObjectList(string name) => [.. List(name).Select(item => new ParameterReader(item, _problems))];

    /// <summary>Notes every field that nobody has asked for as an error. To be called last.</summary>
    public void End()
    {
        foreach (ConfigField field in _mapping.Fields)
        {
            if (!_asked.Contains(ToCamelCase(field.Name)))
            {
                string known = _asked.Count == 0 ? "No field is known here." : $"Known here: {string.Join(", ", _asked.Order(StringComparer.Ordinal))}.";
                string hint = Suggestion.For(field.Name, _asked);
                Fail(field.Place, $"Unknown field \"{field.Name}\".{(hint.Length > 0 ? hint : " " + known)}");
            }
        }
    }

    /// <summary>A field that is one value, not a list or mapping; null if it is not there.</summary>
    /// <param name="name">The field.</param>
    /// <param name="expected">What problems say was expected.</param>
    internal ScalarNode? Scalar(string name, string expected)
    {
        ConfigField? field = Field(name);
        if (field is null or { Value: ScalarNode })
        {
            return (ScalarNode?)field?.Value;
        }

        Fail(field.Value.Place, $"\"{name}\": expected {expected}, found {field.Value.Describe()}.");
        return null;
    }

    private IReadOnlyList<ConfigNode> List(string name)
    {
        ConfigField? field = Field(name);
        if (field is null or { Value: SequenceNode })
        {
            return ((SequenceNode?)field?.Value)?.Items ?? [];
        }

        Fail(field.Value.Place, $"\"{name}\": expected a list, found {field.Value.Describe()}.");
        return [];
    }

    private static string ToCamelCase(string name)
    {
        var camel = new StringBuilder(name.Length);
        for (int i = 0; i < name.Length; i++)
        {
            bool joins = name[i] == '_' && i + 1 < name.Length && i > 0;
            camel.Append(joins ? char.ToUpperInvariant(name[++i]) : name[i]);
        }

        return camel.ToString();
    }

    private static string ToUpperSnakeCase(string name)
    {
        var snake = new StringBuilder(name.Length + 4);
        foreach (char letter in name)
        {
            snake.Append(char.IsUpper(letter) && snake.Length > 0 ? "_" : "").Append(char.ToUpperInvariant(letter));
        }

        return snake.ToString();
    }
}
