using FastMixer.Policy.Language;
using FastMixer.Policy.Language.Compilation;
using FastMixer.Policy.Language.Explanation;
using FastMixer.Policy.Language.Syntax;
using FastMixer.Protocol.Attributes;

namespace FastMixer.Policy.Rules.Index;

/// <summary>Compiles match expressions part by part, so that the rule index can answer some parts for many rules at once.</summary>
internal sealed class MatchCompiler(Compiler compiler)
{
    private readonly GuardFinder _guards = new(compiler);

    /// <summary>Compiles a BOOL expression.</summary>
    /// <param name="text">What the operator wrote.</param>
    /// <param name="whole">The expression as a whole, for its type.</param>
    /// <returns>The predicate, or null if the type is another.</returns>
    /// <exception cref="LanguageException">It is no expression, or its types do not fit.</exception>
    public Predicate? Compile(string text, out TypedNode whole)
    {
        Expression parsed = Parser.Parse(text);
        whole = compiler.Compile(parsed);
        if (whole.Type != AttributeType.Bool)
        {
            return null;
        }

        if (whole.IsConstant)
        {
            return new Predicate(text, [new Conjunct(whole.Bool, null)]);
        }

        var conjuncts = new List<Conjunct>();
        AddConjuncts(parsed, conjuncts);
        return new Predicate(text, conjuncts);
    }

    /// <summary>Compiles a BOOL expression that was made, and not written.</summary>
    /// <exception cref="LanguageException">Its types do not fit.</exception>
    public Predicate Compile(Expression made)
    {
        var conjuncts = new List<Conjunct>();
        AddConjuncts(made, conjuncts);
        return new Predicate(ExpressionPrinter.Print(made), conjuncts);
    }

    private void AddConjuncts(Expression expression, List<Conjunct> conjuncts)
    {
        if (expression is Call { Function: "&&", Receiver: null } chain)
        {
            foreach (Expression side in chain.Arguments)
            {
                AddConjuncts(side, conjuncts);
            }
        }
        else
        {
            conjuncts.Add(new Conjunct(compiler.Compile(expression).Bool, _guards.Find(expression)));
        }
    }
}
