namespace Ringmaster.Cpu.Translator.Tests.Golden;

/// <summary>
/// What guest code is translated to is kept in files, which show in review what a change of the translator does to the code
/// that it generates.
/// </summary>
/// <remarks>RINGMASTER_UPDATE_GOLDEN=1 writes the files anew.</remarks>
public sealed class GoldenTests
{
    private const string Switch = "RINGMASTER_UPDATE_GOLDEN";

    private static string Folder { get; } = FindFolder();

    public static TheoryData<string> Names => new(GoldenCases.All.Select(c => c.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void Translation_is_as_its_file_says(string name)
    {
        using var translated = new TranslatedCase(GoldenCases.All.Single(c => c.Name == name));
        var file = Path.Combine(Folder, name + ".txt");

        var text = RegionText.Of(translated);

        if (Environment.GetEnvironmentVariable(Switch) == "1")
            File.WriteAllText(file, text);
        var known = File.Exists(file) ? File.ReadAllText(file) : "";
        Assert.True(text == known, $"""
            The translation of "{name}" is not what {name}.txt says{FirstDifference(known, text)}
            If it should be, run this test with {Switch}=1, which writes the files anew, and look at what has changed.
            Now it is:
            {text}
            """);
    }

    [Fact]
    public void No_file_is_without_a_case() =>
        Assert.Empty(Directory.EnumerateFiles(Folder, "*.txt").Select(f => Path.GetFileNameWithoutExtension(f)).Except(GoldenCases.All.Select(c => c.Name)));

    private static string FirstDifference(string known, string text)
    {
        string[] before = known.Split('\n'), now = text.Split('\n');
        var line = before.Zip(now).TakeWhile(pair => pair.First == pair.Second).Count();
        return $", first in line {line + 1}: \"{now.ElementAtOrDefault(line)}\" instead of \"{before.ElementAtOrDefault(line)}\".";
    }

    private static string FindFolder()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Ringmaster.slnx")))
                return Directory.CreateDirectory(Path.Combine(directory.FullName, "tests", "Ringmaster.Cpu.Translator.Tests", "Golden", "Files")).FullName;
        }
        throw new DirectoryNotFoundException($"No directory above {AppContext.BaseDirectory} has a Ringmaster.slnx.");
    }
}
