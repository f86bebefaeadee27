using System.Text;
using Ringmaster.Bench.Guests;

namespace Ringmaster.Bench.Tests.Guests;

public sealed class BenchInitramfsTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("bench").FullName;

    [Fact]
    public void It_holds_the_programs_and_a_plan_line_for_each_run()
    {
        var images = new GuestImages(Named("init"), Named("programs"), Named("nothing"), Named("nano"));

        var archive = Encoding.Latin1.GetString(BenchInitramfs.Compose(images, [new PlannedProgram("fib", 0.1), new PlannedProgram("trees", 0.1, 2)]));

        Assert.Contains("content of init", archive, StringComparison.Ordinal);
        Assert.Contains("bench/programs\0", archive, StringComparison.Ordinal);
        Assert.Contains("bench/nothing\0", archive, StringComparison.Ordinal);
        Assert.Contains("fib 0.1\ntrees 0.1 2\n", archive, StringComparison.Ordinal);
        Assert.DoesNotContain("content of nano", archive, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private string Named(string name)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllText(path, $"content of {name}");
        return path;
    }
}
