using Ringmaster.Cpu.Models;
using Ringmaster.Guests.Tests.BareMetal;
using Ringmaster.Guests.Tests.Harness;
using Ringmaster.Machine;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Guests.Tests.Smp;

/// <summary>
/// Programs in assembly language that all processors of a machine run together. A program has the routines "test", which every
/// processor calls with its number in EDI, and "verify", which the first calls when all are done; 0 in AL is good. Registers from
/// R12 up are theirs but for R14 and R15; "barrier" waits for all. CPUS and ROUNDS are set.
/// </summary>
internal sealed class SmpGuest(EngineChoice engine)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private const string Runtime = """
        .intel_syntax noprefix
        .code64
        .text
        .global _start
        _start:
            mov rsp, offset stacks + 4096
            mov rax, cr4
            or eax, 0x600
            mov cr4, rax
            mov esi, offset trampoline
            mov edi, 0x8000
            mov ecx, offset trampoline_end - trampoline
            rep movsb
            mov rax, cr3
            mov [0x8000 + trampoline_cr3 - trampoline], eax
            # The local APIC is enabled; INIT and two start-up IPIs go to all but this processor.
            mov eax, 0xfee000f0
            mov dword ptr [rax], 0x1ff
            mov eax, 0xfee00300
            mov dword ptr [rax], 0xc4500
            mov dword ptr [rax], 0xc4608
            mov dword ptr [rax], 0xc4608
            xor edi, edi
        begin:
            xor r15d, r15d
            mov r14d, edi
            call barrier
            mov edi, r14d
            call test
            call barrier
            test r14d, r14d
            jnz rest
            call verify
            out 0xf4, al
        rest:
            cli
            hlt
            jmp rest

        barrier:
            add r15d, CPUS
            lock inc dword ptr [arrived]
        1:  mov eax, [arrived]
            cmp eax, r15d
            jae 2f
            pause
            jmp 1b
        2:  ret

        application:
            mov eax, 16
            mov ss, eax
            mov ds, eax
            mov es, eax
            mov eax, 0xfee000f0
            mov dword ptr [rax], 0x1ff
            mov edi, 1
            lock xadd [numbers], edi
            mov eax, edi
            inc eax
            shl eax, 12
            lea rsp, [stacks + rax]
            jmp begin

        .code16
        trampoline:
            cli
            mov ax, cs
            mov ds, ax
            .byte 0x66
            lgdt [trampoline_gdtr - trampoline]
            mov eax, cr4
            or eax, 0x620
            mov cr4, eax
            mov eax, [trampoline_cr3 - trampoline]
            mov cr3, eax
            mov ecx, 0xc0000080
            rdmsr
            or eax, 0x100
            wrmsr
            mov eax, cr0
            and eax, 0x9fffffff
            or eax, 0x80000001
            mov cr0, eax
            .byte 0x66, 0xea
            .long application
            .word 8
        trampoline_gdtr:
            .word 23
            .long gdt
        trampoline_cr3:
            .long 0
        trampoline_end:

        .code64
        .data
        .align 8
        gdt: .quad 0, 0x00af9a000000ffff, 0x00cf92000000ffff
        numbers: .long 1
        arrived: .long 0
        .bss
        .align 4096
        stacks: .skip 17 * 4096
        .text

        """;

    /// <summary>Runs a program and checks that it finds all well.</summary>
    /// <param name="program">Its source.</param>
    /// <param name="cpus">How many processors.</param>
    /// <param name="rounds">How often it does what it does.</param>
    /// <param name="model">The CPU model.</param>
    /// <param name="features">Changes to the model.</param>
    public void Run(string program, int cpus, int rounds, string model = CpuConfig.DefaultModel, params CpuFeatureChange[] features) =>
        // AL comes back as (AL << 1) | 1.
        Assert.Equal(new RunOutcome.DebugExit(1), Outcome(program, cpus, rounds, model, features));

    /// <summary>Runs a program to its end. Parameters as those of <see cref="Run"/>.</summary>
    public RunOutcome Outcome(string program, int cpus, int rounds, string model = CpuConfig.DefaultModel, params CpuFeatureChange[] features) =>
        Outcome(program, cpus, rounds, machine => machine with { Cpu = new CpuConfig(model, features) }, _ => { });

    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">Its source.</param>
    /// <param name="cpus">How many processors.</param>
    /// <param name="rounds">How often it does what it does.</param>
    /// <param name="config">The machine, from a plain one.</param>
    /// <param name="ended">Looks at the machine when it has ended.</param>
    public RunOutcome Outcome(string program, int cpus, int rounds, Func<MachineConfig, MachineConfig> config, Action<IRunnableMachine> ended)
    {
        var source = $".set CPUS, {cpus}\n.set ROUNDS, {rounds}\n{Runtime}\n{program}";
        using var file = new TemporaryFile(LinkedKernel.Link(source, 64));
        using var guest = new TestGuest(config(BareMachine.Config(file, engine) with
        {
            Cpus = CpuTopology.OfCores(cpus),
            Engine = new EngineConfig(engine),
        }));
        var outcome = guest.WaitForEnd(s_patience);
        ended(guest.Machine);
        return outcome;
    }
}
