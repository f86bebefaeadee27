using System.Diagnostics;
using System.Text;
using Ringmaster.Guests.Tests.Harness;

namespace Ringmaster.Guests.Tests.BareMetal;

/// <summary>Small kernels made by the host's own assembler and linker, as their authors would make them.</summary>
internal static class LinkedKernel
{
    /// <summary>Assembles and links one source to an ELF file at 2 MiB.</summary>
    /// <param name="source">For GNU as.</param>
    /// <param name="bits">32 or 64.</param>
    public static byte[] Link(string source, int bits)
    {
        using var text = new TemporaryFile(Encoding.ASCII.GetBytes(source + "\n"));
        using var compiled = new TemporaryFile([]);
        using var linked = new TemporaryFile([]);
        Tool("as", $"--{bits}", "-o", compiled.Path, text.Path);
        Tool("ld", "-m", bits == 32 ? "elf_i386" : "elf_x86_64", "-Ttext=0x200000", "--section-start=.head=0x1ff000",
            "--section-start=.note=0x1ff000", "-n", "-e", "_start", "-o", linked.Path, compiled.Path);
        return File.ReadAllBytes(linked.Path);
    }

    private static void Tool(string name, params string[] arguments)
    {
        Process process;
        try
        {
            process = Process.Start(new ProcessStartInfo(name, arguments) { RedirectStandardError = true })!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new InvalidOperationException($"This test needs {name}, which is not installed. Install the package binutils.");
        }
        using (process)
        {
            var errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, $"{name}: {errors}");
        }
    }
}
