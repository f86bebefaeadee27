using System.Text;
using Ringmaster.Bench.Guests;

namespace Ringmaster.Bench.Tests.Guests;

public sealed class BenchInitramfsTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("bench").FullName;

    [Fact]
    public void It_holds_the_programs_and_a_plan_line_for_each_run()
    {
        var archive = Compose([new PlannedProgram("fib", 0.1).Line, new PlannedProgram("trees", 0.1, 2).Line], null);

        Assert.Contains("content of init", archive, StringComparison.Ordinal);
        Assert.Contains("bench/programs\0", archive, StringComparison.Ordinal);
        Assert.Contains("bench/nothing\0", archive, StringComparison.Ordinal);
        Assert.Contains("fib 0.1\ntrees 0.1 2\n", archive, StringComparison.Ordinal);
        Assert.DoesNotContain("content of nano", archive, StringComparison.Ordinal);
        Assert.DoesNotContain("content of server", archive, StringComparison.Ordinal);
    }

    [Fact]
    public void A_guest_with_devices_has_their_modules_in_order_and_the_server()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "drivers"));
        Named("drivers/second.ko");
        Named("drivers/first.ko");

        var archive = Compose([BenchInitramfs.Server], new GuestModules(_directory, ["drivers/first.ko", "drivers/second.ko"]));

        Assert.Contains("content of server", archive, StringComparison.Ordinal);
        Assert.Contains("content of drivers/first.ko", archive, StringComparison.Ordinal);
        Assert.Contains("modules/second.ko\0", archive, StringComparison.Ordinal);
        Assert.Contains("first.ko\nsecond.ko\n", archive, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private string Compose(string[] plan, GuestModules? modules)
    {
        var images = new GuestImages(Named("init"), Named("programs"), Named("nothing"), Named("server"), Named("nano"), Named("exits"), Named("first"));
        return Encoding.Latin1.GetString(BenchInitramfs.Compose(images, plan, modules));
    }

    private string Named(string name)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllText(path, $"content of {name}");
        return path;
    }
}
