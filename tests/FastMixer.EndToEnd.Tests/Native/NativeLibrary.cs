using System.Diagnostics;
using FastMixer.EndToEnd.Tests.Support;

namespace FastMixer.EndToEnd.Tests.Native;

/// <summary>libfastmixer.so, published once for all tests of it, and programs in C that link it. Tests are skipped where there is no C compiler, which links the library too.</summary>
public sealed class NativeLibrary : IAsyncLifetime
{
    private readonly string _programs = Directory.CreateTempSubdirectory("fastmixer").FullName;
    private readonly string? _compiler = Find("gcc") ?? Find("clang");

    private static string Folder => Path.Combine(Repository.Root, "artifacts", "native");

    public async ValueTask InitializeAsync()
    {
        if (_compiler is null)
        {
            return;
        }

        var publish = new ProcessStartInfo(
            "dotnet", ["publish", Path.Combine(Repository.Root, "src", "FastMixer.Client.Native"), "-c", "Release", "-o", Folder, "-v", "q"]);
        await SucceedAsync(publish, TimeSpan.FromMinutes(10));

        // Without the debug information beside it, which is of a form that valgrind does not read.
        File.Copy(Path.Combine(Folder, "libfastmixer.so"), Path.Combine(_programs, "libfastmixer.so"));
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_programs, recursive: true);
        return default;
    }

    /// <summary>Where a program of the system is; null if nowhere.</summary>
    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);

    /// <summary>Compiles a program with all warnings as errors, by the Makefile's own options.</summary>
    /// <param name="source">The file, from the root.</param>
    /// <returns>The program.</returns>
    public async Task<string> CompileAsync(string source)
    {
        Assert.SkipWhen(_compiler is null, "there is neither gcc nor clang, which compile the example and link the library");
        string program = Path.Combine(_programs, Path.GetFileNameWithoutExtension(source));
        await SucceedAsync(
            new ProcessStartInfo(
                _compiler!,
                [
                    "-std=c11", "-D_DEFAULT_SOURCE", "-g", "-Wall", "-Wextra", "-Werror", "-I", Folder, "-o", program, Path.Combine(Repository.Root, source),
                    "-L", _programs, "-lfastmixer", "-pthread", $"-Wl,-rpath,{_programs}",
                ]),
            TimeSpan.FromMinutes(1));
        return program;
    }

    private static async Task SucceedAsync(ProcessStartInfo start, TimeSpan guard)
    {
        await using RunningCommand command = RunningCommand.Start(start);
        CommandResult result = await command.EndAsync(guard);
        Assert.True(result.ExitCode == 0, $"{start.FileName} {string.Join(' ', start.ArgumentList)}: {result}");
    }
}
