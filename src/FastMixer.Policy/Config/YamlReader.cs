using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace FastMixer.Policy.Config;

/// <summary>
/// Makes trees of the documents of a file, from YAML's events, which know where each thing stands. Aliases are refused: nothing in a
/// configuration needs them, and a few lines of them can stand for gigabytes.
/// </summary>
public sealed class YamlReader
{
    private const char ByteOrderMark = '\uFEFF';

    private readonly ConfigSource _source;
    private readonly Parser _parser;
    private readonly ICollection<Problem> _problems;
    private int _nodes;
    private Place _last;

    private YamlReader(ConfigSource source, ICollection<Problem> problems)
    {
        _source = source;
        _problems = problems;
        _parser = new Parser(new StringReader(source.Text));
        _last = At(source.Name, Mark.Empty);
    }

    /// <summary>Reads all documents of a file; none from the first one on that is no YAML.</summary>
    /// <param name="source">The file.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public static IReadOnlyList<ConfigNode> Read(ConfigSource source, ICollection<Problem> problems)
    {
        var documents = new List<ConfigNode>();
        source = source with { Text = source.Text.TrimStart(ByteOrderMark) };
        if (source.Text.Length > ConfigLimits.MaxFileBytes)
        {
            problems.Add(ConfigLimits.TooLarge(source.Name, source.Text.Length, ConfigLimits.MaxFileBytes));
            return documents;
        }

        if (YamlProblems.FindControlCharacter(source) is { } character)
        {
            problems.Add(character);
            return documents;
        }

        new YamlReader(source, problems).ReadDocuments(documents);
        return documents;
    }

    private void ReadDocuments(List<ConfigNode> documents)
    {
        try
        {
            _parser.Consume<StreamStart>();
            while (!_parser.TryConsume<StreamEnd>(out _))
            {
                _parser.Consume<DocumentStart>();
                documents.Add(ReadNode(0));
                _parser.Consume<DocumentEnd>();
            }
        }
        catch (YamlException exception)
        {
            _problems.Add(YamlProblems.Of(_source, exception, YamlProblems.PlaceOf(_source, (int)Math.Min(exception.Start.Index, _source.Text.Length))));
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            // The parser has these for some texts that are no YAML.
            _problems.Add(YamlProblems.Of(_source, exception, _last));
        }
    }

    private ConfigNode ReadNode(int depth)
    {
        ParsingEvent next = _parser.Current ?? throw new YamlException("The text ends where a value is expected.");
        _last = At(_source.Name, next.Start);
        if (depth > ConfigLimits.MaxDepth)
        {
            throw new RefusedYamlException(next.Start, next.End, $"Lists and mappings nest deeper than {ConfigLimits.MaxDepth} levels.");
        }

        if (++_nodes > ConfigLimits.MaxNodes)
        {
            throw new RefusedYamlException(next.Start, next.End, $"The file holds more than {ConfigLimits.MaxNodes} values.");
        }

        if (next is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
        {
            throw new RefusedYamlException(next.Start, next.End, "Anchors and aliases are not allowed in a configuration; write the value out.");
        }

        if (next is NodeEvent { Tag.IsEmpty: false })
        {
            throw new RefusedYamlException(next.Start, next.End, "Tags are not allowed in a configuration: every field has its own type.");
        }

        return next switch
        {
            Scalar => ReadScalar(),
            SequenceStart => ReadSequence(depth),
            MappingStart => ReadMapping(depth),
            _ => throw new YamlException(next.Start, next.End, "A value is expected here."),
        };
    }

    private ScalarNode ReadScalar()
    {
        Scalar scalar = _parser.Consume<Scalar>();
        ScalarSource.Writing style = scalar.Style switch
        {
            ScalarStyle.SingleQuoted => ScalarSource.Writing.SingleQuoted,
            ScalarStyle.DoubleQuoted => ScalarSource.Writing.DoubleQuoted,
            ScalarStyle.Literal or ScalarStyle.Folded => ScalarSource.Writing.Block,
            _ => ScalarSource.Writing.Plain,
        };
        return new ScalarNode(At(_source.Name, scalar.Start), scalar.Value, style == ScalarSource.Writing.Plain)
        {
            Source = new ScalarSource(_source.Text, (int)scalar.Start.Index, (int)scalar.End.Index, style),
        };
    }

    private SequenceNode ReadSequence(int depth)
    {
        Place place = At(_source.Name, _parser.Consume<SequenceStart>().Start);
        var items = new List<ConfigNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(depth + 1));
        }

        return new SequenceNode(place, items);
    }

    private MappingNode ReadMapping(int depth)
    {
        Place place = At(_source.Name, _parser.Consume<MappingStart>().Start);
        var fields = new List<ConfigField>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            ConfigNode name = ReadNode(depth + 1);
            ConfigNode value = ReadNode(depth + 1);
            if (name is not ScalarNode scalar)
            {
                _problems.Add(new Problem(Severity.Error, name.Place, "The name of a field must be a single value."));
            }
            else if (!names.Add(scalar.Text))
            {
                Place first = fields.First(field => field.Name == scalar.Text).Place;
                _problems.Add(new Problem(
                    Severity.Error, name.Place, $"The field \"{scalar.Text}\" stands here a second time; it is already at line {first.Line}, column {first.Column}."));
            }
            else
            {
                fields.Add(new ConfigField(name.Place, scalar.Text, value));
            }
        }

        return new MappingNode(place, fields);
    }

    private static Place At(string file, Mark mark) => new(file, (int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));
}
