using Ringmaster.Bench.Suite;

namespace Ringmaster.Bench.Tests.Suite;

public sealed class ReportFilesTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("report").FullName;

    [Fact]
    public void A_directory_is_made()
    {
        var wanted = Path.Combine(_directory, "a", "b");

        ReportFiles.Prepare(wanted);

        Assert.True(Directory.Exists(wanted));
        Assert.Empty(Directory.EnumerateFileSystemEntries(wanted));
    }

    [Fact]
    public void A_report_that_is_there_stays_until_the_next_is_finished()
    {
        File.WriteAllText(Path.Combine(_directory, "bench.json"), "old");

        ReportFiles.Prepare(_directory);

        Assert.Equal("old", File.ReadAllText(Path.Combine(_directory, "bench.json")));
    }

    [Fact]
    public void A_file_is_refused_with_a_remedy()
    {
        var file = Path.Combine(_directory, "file");
        File.WriteAllText(file, "precious");

        var error = Assert.Throws<BenchmarkException>(() => ReportFiles.Prepare(file));

        Assert.Contains("--output", error.Message, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(file));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
