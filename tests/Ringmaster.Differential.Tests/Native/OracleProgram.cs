using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Ringmaster.Differential.Tests.Native;

/// <summary>The oracle, compiled for this host.</summary>
internal static class OracleProgram
{
    private static readonly string[] s_compilers = ["gcc", "cc", "clang"];
    private static readonly Lazy<string> s_built = new(Compile);

    /// <summary>Why the oracle cannot run here, or null if it can.</summary>
    public static string? Obstacle { get; } =
        RuntimeInformation.ProcessArchitecture != Architecture.X64 ? "the host is not x86-64"
        : FindCompiler() is null ? "no C compiler (gcc) is installed" : null;

    /// <summary>Compiles the oracle, unless that was done: tests that run at once share it.</summary>
    /// <returns>The program's path.</returns>
    public static string Build() => s_built.Value;

    private static string Compile()
    {
        var source = Path.Combine(AppContext.BaseDirectory, "oracle", "oracle.c");
        var program = Path.Combine(AppContext.BaseDirectory, "oracle", $"oracle-{Environment.ProcessId}");
        using var compiler = Process.Start(new ProcessStartInfo(FindCompiler()!, ["-O3", "-fcf-protection=none", "-o", program, source])
        {
            RedirectStandardError = true,
        })!;
        var errors = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        return compiler.ExitCode == 0 ? program : throw new InvalidOperationException($"The oracle does not compile: {errors}");
    }

    private static string? FindCompiler() =>
        (from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
         from name in s_compilers
         let path = Path.Combine(folder, name)
         where File.Exists(path)
         select path).FirstOrDefault();
}
