using Ringmaster.Machine;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Guests.Tests.BareMetal;

/// <summary>Small kernels made by the host's own assembler and linker, as their authors would make them.</summary>
public abstract class LinkedKernelTests(EngineChoice engine)
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
        var program = LinkedKernel.Link(kind switch { "multiboot" => Multiboot, "pvh" => Pvh, _ => Long }, bits);

        var (outcome, log) = BareMachine.Run(program, engine);

        Assert.Equal((new RunOutcome.DebugExit(15), kind), (outcome, log));
    }
}
