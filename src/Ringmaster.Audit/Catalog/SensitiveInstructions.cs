using Iced.Intel;
using Ringmaster.Audit.Guests;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Audit.Catalog;

/// <summary>
/// The instructions that break Popek and Goldberg's condition: sensitive, but without a trap in user mode. PUSH and POP of CS, DS, ES
/// and SS do not exist in 64-bit mode, so FS and GS stand for all.
/// </summary>
internal static class SensitiveInstructions
{
    // IOPL and IF.
    private const uint SystemFlags = 0x3200;

    // LAR leaves bits 16 to 19 undefined (SDM 2A LAR).
    private const ulong DefinedRights = 0xFFF0_FFFF;

    internal static IReadOnlyList<AuditedInstruction> All { get; } =
    [
        Table("SGDT", "the global descriptor table's address", c => c.sgdt(__[rdi]), AuditLayout.Gdt),
        Table("SIDT", "the interrupt descriptor table's address", c => c.sidt(__[rdi]), AuditLayout.Idt),
        Register("SLDT", "the local descriptor table's selector", c => c.sldt(rax), AuditSelectors.Ldt) with { IsUnderUmip = true },
        Register("SMSW", "the low half of CR0", c => c.smsw(ax), AuditGuest.InitialCr0 & 0xFFFF) with { IsUnderUmip = true },
        Register("STR", "the task's selector", c => c.str(rax), AuditSelectors.Tss) with { IsUnderUmip = true },
        new("PUSHF", InstructionKind.Sensitive, "whether interrupts are enabled, and IOPL", c => c.pushfq())
        {
            After = c => { c.pop(rax); c.and(eax, SystemFlags); },
            User = Expect.Value(0), Kernel = Expect.Value(0),
        },
        new("POPF", InstructionKind.Sensitive, "changes of IF and IOPL; user mode's are dropped", c => c.popfq())
        {
            Before = c => { c.pushfq(); c.xor(__dword_ptr[rsp], SystemFlags); },
            After = c => { c.pushfq(); c.pop(rax); c.and(eax, SystemFlags); },
            User = Expect.Value(0), Kernel = Expect.Value(SystemFlags),
        },
        Inspect("LAR", "a segment's rights", c => c.lar(eax, ecx), AuditSelectors.HalfData, Expect.Value(0x00D0_F300, DefinedRights)),
        Inspect("LSL", "a segment's limit", c => c.lsl(eax, ecx), AuditSelectors.HalfData, Expect.Value(0x7FFF_FFFF)),
        Verify("VERR", "whether a segment may be read", c => c.verr(cx)),
        Verify("VERW", "whether a segment may be written", c => c.verw(cx)),
        new("PUSH GS", InstructionKind.Sensitive, "a segment's selector", c => c.push(gs))
        {
            After = c => c.pop(rax),
            User = Expect.Value(AuditSelectors.HalfData), Kernel = Expect.Value(AuditSelectors.HalfData),
        },
        new("POP GS", InstructionKind.Sensitive, "loads a segment that is the kernel's", c => c.pop(gs))
        {
            Before = c => c.push((int)AuditSelectors.SecretData), After = c => c.mov(eax, gs),
            User = Expect.Trap(13, AuditSelectors.SecretData), Kernel = Expect.Value(AuditSelectors.SecretData),
        },
        new("MOV to GS", InstructionKind.Sensitive, "loads a segment that is the kernel's", c => c.mov(gs, ecx))
        {
            Before = c => c.mov(ecx, (int)AuditSelectors.SecretData), After = c => c.mov(eax, gs),
            User = Expect.Trap(13, AuditSelectors.SecretData), Kernel = Expect.Value(AuditSelectors.SecretData),
        },
        Levelled("MOV from CS", "the privilege level", c => c.mov(eax, cs)),
        // 32-bit operands, for AMD's processors have no wider far pointers (APM 3 CALL far).
        Levelled("CALL far", "pushes CS with the privilege level", c => c.db(0xFF, 0x1F)) with
        {
            Before = c => PointBehind(c, 2), After = c => { c.mov(eax, __dword_ptr[rsp + 4]); c.add(rsp, 8); },
        },
        new("CALL far through a gate", InstructionKind.Sensitive, "enters the guest's kernel", c => c.db(0xFF, 0x1F))
        {
            Before = c => { c.mov(__dword_ptr[rdi], 0); c.mov(__word_ptr[rdi + 4], (int)AuditSelectors.CallGate); },
            User = Expect.Value(AuditSelectors.KernelCode), Kernel = Expect.Value(AuditSelectors.KernelCode),
        },
        Levelled("JMP far", "the descriptor of its target", c => c.db(0xFF, 0x2F)) with { Before = c => PointBehind(c, 2), After = c => c.mov(eax, cs) },
        Levelled("RET far", "the descriptor of its target", c => c.db(0xCB)) with
        {
            Before = c =>
            {
                PointBehind(c, 3);
                c.push(__qword_ptr[rdi]);
            },
            After = c => c.mov(eax, cs),
        },
        new("INT n", InstructionKind.Sensitive, "enters the guest's kernel", c => c.@int(0x80))
        {
            // Should it be this host's kernel: getpid.
            Before = c => c.mov(eax, 20),
            User = Expect.Trap(0x80), Kernel = Expect.Trap(0x80),
        },
        new("CPUID", InstructionKind.Sensitive, "the processor's model", c => c.cpuid())
        {
            Before = c => { c.mov(rsi, rbx); c.mov(eax, 1); }, After = c => c.mov(rbx, rsi),
            User = Expect.Value(0), Kernel = Expect.Value(0), Value = cpu => cpu[1, 0].Eax,
        },
    ];

    /// <summary>Makes a far pointer at RDI to the address some bytes behind this code, in the present code segment.</summary>
    private static void PointBehind(Assembler c, int distance)
    {
        const int lengthOfStore = 2;
        c.mov(eax, cs);
        c.mov(__word_ptr[rdi + 4], ax);
        c.db(0x48, 0x8D, 0x05, (byte)(lengthOfStore + distance), 0, 0, 0); // LEA RAX, [RIP + ...]
        c.mov(__dword_ptr[rdi], eax);
    }

    private static AuditedInstruction Table(string name, string shows, Action<Assembler> code, ulong address) => new(name, InstructionKind.Sensitive, shows, code)
    {
        After = c => c.mov(rax, __[rdi + 2]), User = Expect.Value(address), Kernel = Expect.Value(address), IsUnderUmip = true,
    };

    private static AuditedInstruction Register(string name, string shows, Action<Assembler> code, ulong value) => new(name, InstructionKind.Sensitive, shows, code)
    {
        Before = c => c.xor(eax, eax), User = Expect.Value(value), Kernel = Expect.Value(value),
    };

    private static AuditedInstruction Inspect(string name, string shows, Action<Assembler> code, uint selector, Expectation expected) =>
        new(name, InstructionKind.Sensitive, shows, code)
        {
            Before = c => { c.xor(eax, eax); c.mov(ecx, selector); }, User = expected, Kernel = expected,
        };

    /// <summary>Of data that is the kernel's alone.</summary>
    private static AuditedInstruction Verify(string name, string shows, Action<Assembler> code) => new(name, InstructionKind.Sensitive, shows, code)
    {
        Before = c => c.mov(ecx, (int)AuditSelectors.SecretData), After = c => { c.setz(al); c.movzx(eax, al); },
        User = Expect.Value(0), Kernel = Expect.Value(1),
    };

    /// <summary>What shows the code segment's selector, and with it the privilege level.</summary>
    private static AuditedInstruction Levelled(string name, string shows, Action<Assembler> code) => new(name, InstructionKind.Sensitive, shows, code)
    {
        User = Expect.Value(AuditSelectors.UserCode), Kernel = Expect.Value(AuditSelectors.KernelCode),
    };
}
