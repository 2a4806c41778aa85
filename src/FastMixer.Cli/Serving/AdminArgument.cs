using System.CommandLine;
using System.CommandLine.Parsing;
using FastMixer.Server.Admin;

namespace FastMixer.Cli.Serving;

/// <summary>The option that says where the admin pages are.</summary>
internal sealed class AdminArgument
{
    private const string None = "none";

    private readonly Option<AdminChoice> _admin = new("--admin")
    {
        Description = $"Where an operator sees metrics, health and the policy's state; port 0 is any free one, {None} for nowhere [default: {AdminAddress.Default}]",
        HelpName = "URI",
        CustomParser = Parse,
    };

    /// <summary>Adds the option to a command.</summary>
    public void AddTo(Command command) => command.Add(_admin);

    /// <summary>What the command line says.</summary>
    public AdminChoice Read(ParseResult parsed) =>
        parsed.GetResult(_admin) is null ? new AdminChoice(AdminAddress.Default, IsAsked: false) : parsed.GetValue(_admin)!;

    private static AdminChoice Parse(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (!AdminAddress.TryParse(text, out AdminAddress? address, out string? problem) && text != None)
        {
            result.AddError($"--admin: {problem}");
        }

        return new AdminChoice(address, IsAsked: true);
    }
}

/// <summary>Where the admin pages shall be.</summary>
/// <param name="Address">The address; null for nowhere.</param>
/// <param name="IsAsked">Whether the operator asked for it; if not, a server that cannot have it serves without.</param>
internal sealed record AdminChoice(AdminAddress? Address, bool IsAsked);
