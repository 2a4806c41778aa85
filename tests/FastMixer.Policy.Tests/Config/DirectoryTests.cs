using System.Text;
using FastMixer.Policy.Config;

namespace FastMixer.Policy.Tests.Config;

/// <summary>Folders and files that are not what they should be.</summary>
public sealed class DirectoryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fastmixer-config").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Files_AreReadInTheOrderOfTheirNames_AndOthersAreNot()
    {
        foreach (string name in (ReadOnlySpan<string>)["b.yml", "a.json", "B.yaml", "notes.txt", "c.yaml.bak", ".hidden.yaml"])
        {
            Write(name, name);
        }

        Assert.Equal(["", ".hidden.yaml", "B.yaml", "a.json", "b.yml"], Read().Split('\n').Concat(Sources()));
    }

    [Fact]
    public void Folder_ThatIsNotThere_IsAnError()
    {
        string gone = Path.Combine(_folder, "gone");
        Assert.Equal($"{gone}: error: There is no such folder.", Read(gone));
    }

    [Fact]
    public void Folder_ThatIsAFile_IsAnError()
    {
        Write("x", "");
        Assert.Equal($"{PathOf("x")}: error: There is no such folder.", Read(PathOf("x")));
    }

    [Fact]
    public void Folder_WithoutAConfiguration_IsAnError()
    {
        Write("readme.txt", "");
        Assert.Equal($"{_folder}: error: The folder holds no .yaml, .yml or .json file.", Read());
    }

    [Fact]
    public void File_ThatIsAFolder_IsAnError()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "x.yaml"));
        Assert.Equal($"{PathOf("x.yaml")}: error: This is a folder: the files of a configuration stand directly in its own folder.", Read());
    }

    [Fact]
    public void File_ThatVanished_IsAnError()
    {
        File.CreateSymbolicLink(PathOf("x.yaml"), PathOf("gone"));
        Assert.StartsWith($"{PathOf("x.yaml")}: error: The file cannot be read: Could not find file", Read(), StringComparison.Ordinal);
    }

    [Fact]
    public void File_ThatIsALinkToItself_IsAnError()
    {
        File.CreateSymbolicLink(PathOf("x.yaml"), PathOf("x.yaml"));
        Assert.StartsWith($"{PathOf("x.yaml")}: error: The file cannot be read: ", Read(), StringComparison.Ordinal);
    }

    [Fact]
    public void File_ThatMayNotBeRead_IsAnError()
    {
        const string Everything = "There is no file that this process may not read.";
        Assert.SkipWhen(Environment.IsPrivilegedProcess, Everything);
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip(Everything);
            return;
        }

        Write("x.yaml", "");
        File.SetUnixFileMode(PathOf("x.yaml"), UnixFileMode.None);
        Assert.StartsWith($"{PathOf("x.yaml")}: error: The file cannot be read: Access to the path", Read(), StringComparison.Ordinal);
    }

    [Fact]
    public void File_OfAHundredMegabytes_IsRefusedWithoutReadingIt()
    {
        using (FileStream large = File.Create(PathOf("x.yaml")))
        {
            large.SetLength(100_000_000);
        }

        var problems = new List<Problem>();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Empty(ConfigDirectory.Read(_folder, problems));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        Assert.Equal($"{PathOf("x.yaml")}: error: The file has 100000000 bytes; at most 8388608 are read. Split it.", Assert.Single(problems).ToString());
    }

    [Fact]
    public void File_WithoutEnd_IsReadNoFurtherThanTheLimit()
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "There is no endless file here.");
        File.CreateSymbolicLink(PathOf("x.yaml"), "/dev/zero");
        Assert.EndsWith("; at most 8388608 are read. Split it.", Read(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { (byte)'a', (byte)'\n', (byte)'b', 0xe9, (byte)'c' }, 2, 2, "The byte 0xE9 is not UTF-8: a configuration must be saved as UTF-8.")]
    [InlineData(new byte[] { 0xc3, 0xa9, 0xc3 }, 1, 2, "The byte 0xC3 is not UTF-8: a configuration must be saved as UTF-8.")]
    [InlineData(new byte[] { 0xff, 0xfe, (byte)'a', 0 }, 1, 1, "The byte 0xFF is not UTF-8: a configuration must be saved as UTF-8. It looks like UTF-16.")]
    [InlineData(new byte[] { 0xed, 0xa0, 0x80 }, 1, 1, "The byte 0xED is not UTF-8: a configuration must be saved as UTF-8.")]
    public void File_ThatIsNotUtf8_IsAnErrorWithItsPlace(byte[] bytes, int line, int column, string message)
    {
        File.WriteAllBytes(PathOf("x.yaml"), bytes);
        Assert.Equal($"{PathOf("x.yaml")}:{line}:{column}: error: {message}", Read());
    }

    [Fact]
    public void File_WithAByteOrderMark_IsReadWithoutIt()
    {
        File.WriteAllText(PathOf("x.yaml"), "kind: é", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.Equal("kind: é", Assert.Single(ConfigDirectory.Read(_folder, [])).Text);
    }

    [Fact]
    public void OtherFiles_AreReadThoughOneCannotBe()
    {
        Write("a.yaml", "a");
        File.WriteAllBytes(PathOf("b.yaml"), [0xff]);
        Write("c.yaml", "c");
        Assert.Equal(["a.yaml", "c.yaml"], Sources());
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    private void Write(string name, string text) => File.WriteAllText(PathOf(name), text);

    private string Read(string? folder = null)
    {
        var problems = new List<Problem>();
        ConfigDirectory.Read(folder ?? _folder, problems);
        return string.Join('\n', problems);
    }

    private IEnumerable<string> Sources() => ConfigDirectory.Read(_folder, []).Select(source => Path.GetFileName(source.Name));
}
