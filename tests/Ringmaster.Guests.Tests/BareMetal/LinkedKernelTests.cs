using System.Diagnostics;
using Ringmaster.Guests.Tests.Harness;
using Ringmaster.Machine;

namespace Ringmaster.Guests.Tests.BareMetal;

/// <summary>Small kernels made by the host's own assembler and linker, as their authors would make them.</summary>
public sealed class LinkedKernelTests
{
    private const string Print = """
            mov $message, %esi
        next:
            lodsb
            test %al, %al
            jz done
            mov $0x3f8, %dx
            out %al, %dx
            jmp next
        done:
            mov $7, %al
            out %al, $0xf4
        halt:
            hlt
            jmp halt
        """;

    private const string Multiboot = $"""
        .section .head, "ax"
        .align 4
            .long 0x1badb002, 0, -0x1badb002
        .text
        .global _start
        _start:
            cmp $0x2badb002, %eax
            jne halt
            {Print}
        .data
        message: .asciz "multiboot"
        """;

    private const string Pvh = $"""
        .section .note, "a", @note
            .long 4, 4, 18
            .asciz "Xen"
            .long _start
        .text
        .global _start
        _start:
            cmpl $0x336ec578, (%ebx)
            jne halt
            {Print}
        .data
        message: .asciz "pvh"
        """;

    private const string Long = $"""
        .text
        .global _start
        _start:
            mov %cs, %eax
            mov $0xc0000080, %ecx
            rdmsr
            test $0x400, %eax
            jz halt
            movabs $message, %rsi
            {Print}
        .data
        message: .asciz "64 bits"
        """;

    [Theory]
    [InlineData("multiboot", 32)]
    [InlineData("pvh", 32)]
    [InlineData("64 bits", 64)]
    public void A_kernel_prints_and_exits(string kind, int bits)
    {
        var program = Link(kind switch { "multiboot" => Multiboot, "pvh" => Pvh, _ => Long }, bits);

        var (outcome, log) = BareMachine.Run(program);

        Assert.Equal((new RunOutcome.DebugExit(15), kind), (outcome, log));
    }

    private static byte[] Link(string source, int bits)
    {
        using var text = new TemporaryFile(System.Text.Encoding.ASCII.GetBytes(source + "\n"));
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
