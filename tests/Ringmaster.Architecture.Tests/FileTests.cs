namespace Ringmaster.Architecture.Tests;

public sealed class FileTests
{
    private const long Largest = 40 * 1024, Usual = 20 * 1024;
    private const double UsualShare = 0.9;

    private static readonly string[] s_emptyWords = ["Helper", "Utils", "Common", "Manager"];

    [Fact]
    public void No_source_file_is_huge() => Rule.Holds(
        $"a source file has at most {Largest / 1024} KB; divide it by what its parts are about (partial types: Name.Topic.cs).",
        from file in SourceTree.Files
        where file.Length > Largest
        select Sized(file));

    [Fact]
    public void Most_source_files_are_small()
    {
        var larger = SourceTree.Files.Where(file => file.Length >= Usual).OrderByDescending(file => file.Length).ToList();
        var tooMany = larger.Count > SourceTree.Files.Count * (1 - UsualShare);

        Rule.Holds($"at least {UsualShare:P0} of the source files have less than {Usual / 1024} KB.", tooMany ? larger.Select(Sized) : []);
    }

    [Fact]
    public void Names_say_what_a_file_is_about() => Rule.Holds(
        $"no file is named {string.Join(", ", s_emptyWords)}: such a name says nothing, and everything ends up there.",
        from file in SourceTree.Files
        from word in s_emptyWords
        where file.Name.Contains(word, StringComparison.OrdinalIgnoreCase)
        select SourceTree.RelativePath(file));

    [Fact]
    public void The_files_were_found() => Assert.True(SourceTree.Files.Count > 100);

    private static string Sized(FileInfo file) => $"{SourceTree.RelativePath(file)} ({(file.Length + 1023) / 1024} KB)";
}
