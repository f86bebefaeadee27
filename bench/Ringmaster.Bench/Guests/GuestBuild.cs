using System.Security.Cryptography;
using System.Text;

namespace Ringmaster.Bench.Guests;

/// <summary>Builds the guests' programs from the sources in bench/programs, unless that was done before.</summary>
/// <param name="sources">Where the sources are.</param>
/// <param name="output">Where the results go.</param>
internal sealed class GuestBuild(string sources, string output)
{
    private const string GuestFolder = "guest", NanoFolder = "nano", ExitsFolder = "exits", FirstFolder = "first", StampName = "stamp";

    // Vector instructions are only where a program asks for them; errno would keep sqrt from being one instruction.
    private static readonly string[] s_compilerOptions =
        ["-std=gnu11", "-O2", "-fno-tree-vectorize", "-fno-math-errno", "-Wall", "-Wextra", "-static", "-fno-pie", "-no-pie"];

    /// <summary>The compiler's command, for the report.</summary>
    public static string CompilerCommand => $"{HostTool.Compiler.Command} {string.Join(' ', s_compilerOptions)}";

    /// <exception cref="BenchmarkException">A tool is missing or fails.</exception>
    public async Task<GuestImages> RunAsync(Action<string> say, CancellationToken cancellation)
    {
        var images = new GuestImages(
            Output("init"), Output("programs"), Output("nothing"), Output("server"),
            Output("nano.bin"), Output("exits.bin"), Output("first.bin"));
        var stamp = Output(StampName);
        var content = Fingerprint();
        if (File.Exists(stamp) && await File.ReadAllTextAsync(stamp, cancellation).ConfigureAwait(false) == content)
            return images;
        say("building the guests' programs");
        Directory.CreateDirectory(output);
        File.Delete(stamp);
        await CompileAsync(images.Init, [Source(GuestFolder, "init.c")], cancellation).ConfigureAwait(false);
        await CompileAsync(images.Nothing, [Source(GuestFolder, "nothing.c")], cancellation).ConfigureAwait(false);
        await CompileAsync(images.Server, [Source(GuestFolder, "server.c")], cancellation).ConfigureAwait(false);
        await CompileAsync(images.Programs, ProgramSources(), cancellation).ConfigureAwait(false);
        await AssembleAsync(images.Nano, Source(NanoFolder, "nano.asm"), cancellation).ConfigureAwait(false);
        await AssembleAsync(images.Exits, Source(ExitsFolder, "exits.asm"), cancellation).ConfigureAwait(false);
        await AssembleAsync(images.First, Source(FirstFolder, "first.asm"), cancellation).ConfigureAwait(false);
        await File.WriteAllTextAsync(stamp, content, cancellation).ConfigureAwait(false);
        return images;
    }

    private static async Task RunToolAsync(HostTool tool, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        if (!tool.IsThere)
            throw new BenchmarkException($"This host has no {tool.Command}, which builds the guests' programs. {tool.Remedy}");
        var (exit, _, errors) = await HostCommand.RunAsync(tool.Command, arguments, cancellation).ConfigureAwait(false);
        if (exit != 0)
        {
            throw new BenchmarkException(
                $"{tool.Command} could not build the guests' programs:\n{errors.Trim()}\nIf files of its own are missing: {tool.Remedy}");
        }
    }

    private static Task CompileAsync(string program, IEnumerable<string> files, CancellationToken cancellation) =>
        RunToolAsync(HostTool.Compiler, [.. s_compilerOptions, "-o", program, .. files], cancellation);

    private Task AssembleAsync(string image, string file, CancellationToken cancellation) =>
        RunToolAsync(HostTool.Assembler, ["-f", "bin", "-i", Source(NanoFolder) + "/", "-o", image, file], cancellation);

    /// <summary>The harness and one folder for each group of programs.</summary>
    private IEnumerable<string> ProgramSources() => Directory.EnumerateFiles(sources, "*.c", SearchOption.AllDirectories)
        .Where(file => !Path.GetRelativePath(sources, file).StartsWith(GuestFolder, StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    /// <summary>Changes with every source and option.</summary>
    private string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(CompilerCommand));
        foreach (var file in Directory.EnumerateFiles(sources, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(sources, file)));
            hash.AppendData(File.ReadAllBytes(file));
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private string Output(string name) => Path.Combine(output, name);

    private string Source(params ReadOnlySpan<string> parts) => Path.Combine([sources, .. parts]);
}
