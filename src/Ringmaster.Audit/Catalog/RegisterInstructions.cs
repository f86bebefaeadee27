using Iced.Intel;
using Ringmaster.Audit.Guests;
using Ringmaster.Cpu.State;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Audit.Catalog;

/// <summary>Moves from and to control, debug and model-specific registers.</summary>
internal static class RegisterInstructions
{
    private const uint Efer = 0xC000_0080, KernelGsBase = 0xC000_0102;

    // LMA, LME, SCE and NXE.
    private const ulong KnownEfer = 0xD01;

    internal static IReadOnlyList<AuditedInstruction> All { get; } =
    [
        From("MOV from CR0", c => c.mov(rax, cr0), AuditGuest.InitialCr0),
        To("MOV to CR0", c => c.mov(cr0, rax), AuditGuest.InitialCr0 & ~8UL, c => c.mov(rax, cr0)),
        From("MOV from CR2", c => c.mov(rax, cr2), 0x1234, state => state.Cr2 = 0x1234),
        To("MOV to CR2", c => c.mov(cr2, rax), 0x5678, c => c.mov(rax, cr2)),
        From("MOV from CR3", c => c.mov(rax, cr3), AuditLayout.Pml4),
        // PWT, which nothing minds.
        To("MOV to CR3", c => c.mov(cr3, rax), AuditLayout.Pml4 | 8, c => c.mov(rax, cr3)),
        From("MOV from CR4", c => c.mov(rax, cr4), 0x220),
        // PGE.
        To("MOV to CR4", c => c.mov(cr4, rax), 0x2A0, c => c.mov(rax, cr4)),
        From("MOV from CR8", c => c.mov(rax, cr8), 5, state => state.Cr8 = 5),
        To("MOV to CR8", c => c.mov(cr8, rax), 9, c => c.mov(rax, cr8)),
        To("MOV to DR0", c => c.mov(dr0, rax), 0x4000, c => c.mov(rax, dr0)),
        From("MOV from DR0", c => c.mov(rax, dr0), 0x5000, state => state.Dr0 = 0x5000),
        From("MOV from DR7", c => c.mov(rax, dr7), 0x400),
        // LE.
        To("MOV to DR7", c => c.mov(dr7, rax), 0x500, c => c.mov(rax, dr7)),
        new("RDMSR", InstructionKind.Privileged, "IA32_EFER", c => c.rdmsr())
        {
            Before = c => c.mov(ecx, Efer), User = Expect.GeneralProtection, Kernel = Expect.Value(AuditGuest.InitialEfer, KnownEfer),
        },
        new("WRMSR", InstructionKind.Privileged, "IA32_KERNEL_GS_BASE", c => c.wrmsr())
        {
            Before = c => { c.mov(ecx, KernelGsBase); c.mov(eax, 0x7000); c.xor(edx, edx); }, After = c => c.rdmsr(),
            User = Expect.GeneralProtection, Kernel = Expect.Value(0x7000),
        },
    ];

    private static AuditedInstruction From(string name, Action<Assembler> code, ulong value, Action<CpuState>? given = null) =>
        new(name, InstructionKind.Privileged, name[^3..], code)
        {
            Before = c => c.xor(eax, eax), Given = given, User = Expect.GeneralProtection, Kernel = Expect.Value(value),
        };

    private static AuditedInstruction To(string name, Action<Assembler> code, ulong value, Action<Assembler> show) =>
        new(name, InstructionKind.Privileged, name[^3..], code)
        {
            Before = c => c.mov(eax, (uint)value), After = show, User = Expect.GeneralProtection, Kernel = Expect.Value(value),
        };
}
