using Iced.Intel;
using Ringmaster.Audit.Guests;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Audit.Catalog;

/// <summary>Privileged instructions (SDM 3A 5.9) apart from moves from and to system registers.</summary>
internal static class SystemInstructions
{
    private const ulong InterruptFlag = 0x200, OsXsave = 0x4_0000, TaskSwitched = 8, MachineStatus = AuditGuest.InitialCr0 & 0xFFFF;
    private const uint GsBase = 0xC000_0101, Written = 0x1234;

    internal static IReadOnlyList<AuditedInstruction> All { get; } =
    [
        Privileged("HLT", "stops the processor", c => c.hlt(), new(new Outcome(OutcomeKind.Halts))),
        Privileged("LGDT", "the global descriptor table", c => c.lgdt(__[rdi]), Expect.Value(AuditLayout.GdtLimit - 8)) with
        {
            Before = c => { c.sgdt(__[rdi]); c.sub(__word_ptr[rdi], 8); }, After = c => { c.sgdt(__[rdi]); c.movzx(eax, __word_ptr[rdi]); },
        },
        Privileged("LIDT", "the interrupt descriptor table", c => c.lidt(__[rdi]), Expect.Value(AuditLayout.IdtLimit - 16)) with
        {
            Before = c => { c.sidt(__[rdi]); c.sub(__word_ptr[rdi], 16); }, After = c => { c.sidt(__[rdi]); c.movzx(eax, __word_ptr[rdi]); },
        },
        Privileged("LLDT", "the local descriptor table", c => c.lldt(ax), Expect.Value(0)) with
        {
            Before = c => c.xor(eax, eax), After = c => c.sldt(eax),
        },
        Privileged("LTR", "the task", c => c.ltr(ax), Expect.Value(AuditSelectors.OtherTss)) with
        {
            Before = c => c.mov(eax, (int)AuditSelectors.OtherTss), After = c => c.str(eax),
        },
        Privileged("LMSW", "the low bits of CR0", c => c.lmsw(ax), Expect.Value(MachineStatus & ~TaskSwitched)) with
        {
            Before = c => c.mov(eax, (uint)(MachineStatus & ~TaskSwitched)), After = c => { c.smsw(ax); c.movzx(eax, ax); },
        },
        Privileged("CLTS", "CR0.TS", c => c.clts(), Expect.Value(MachineStatus & ~TaskSwitched)) with
        {
            After = c => { c.smsw(ax); c.movzx(eax, ax); },
        },
        Privileged("INVLPG", "the TLB", c => c.invlpg(__[rdi]), Expect.Run),
        Privileged("INVPCID", "the TLB", c => c.invpcid(rax, __[rdi]), Expect.Run) with { Needs = "invpcid", Before = c => c.mov(eax, 2) },
        Privileged("INVD", "the caches", c => c.invd(), Expect.Run),
        Privileged("WBINVD", "the caches", c => c.wbinvd(), Expect.Run),
        Privileged("IN", "a device", c => c.@in(ax, dx), Expect.Value(AuditLayout.PortValue)) with
        {
            Before = c => c.mov(edx, (int)AuditLayout.ClosedPort), After = c => c.movzx(eax, ax),
        },
        Privileged("OUT", "a device", c => c.@out(dx, ax), new(new Outcome(OutcomeKind.WritesPort, Written))) with
        {
            Before = c => { c.mov(edx, (int)AuditLayout.ClosedPort); c.mov(eax, Written); },
        },
        Privileged("CLI", "RFLAGS.IF", c => c.cli(), Expect.Value(0)) with { Given = state => state.Rflags |= InterruptFlag, After = ShowInterruptFlag },
        Privileged("STI", "RFLAGS.IF", c => c.sti(), Expect.Value(InterruptFlag)) with { After = ShowInterruptFlag },
        Privileged("SWAPGS", "the base of GS", c => c.swapgs(), Expect.Value(AuditGuest.KernelGsBase)) with
        {
            After = c => { c.mov(ecx, GsBase); c.rdmsr(); },
        },
        Privileged("SYSRET", "enters user mode", c => c.sysretq(), Expect.Value(AuditSelectors.UserCode)) with
        {
            // LEA RCX, [RIP + 3]: behind the SYSRET.
            Before = c => { c.mov(r11d, 2); c.db(0x48, 0x8D, 0x0D, 3, 0, 0, 0); }, After = c => c.mov(eax, cs),
        },
        Privileged("XSETBV", "XCR0", c => c.xsetbv(), Expect.Value(3)) with
        {
            Needs = "xsave", Given = state => state.Cr4 |= OsXsave,
            Before = c => { c.xor(ecx, ecx); c.xor(edx, edx); c.mov(eax, 3); }, After = c => c.xgetbv(),
        },
        // Which counters there are depends on the model.
        Privileged("RDPMC", "performance counters", c => c.rdpmc(), null) with { Before = c => c.xor(ecx, ecx) },
        Absent("MONITOR", "an address to wait for", c => c.monitor()) with
        {
            Needs = "monitor", Before = c => { c.mov(rax, rdi); c.xor(ecx, ecx); c.xor(edx, edx); },
        },
        Absent("MWAIT", "stops the processor", c => c.mwait()) with { Needs = "monitor", Before = c => { c.xor(eax, eax); c.xor(ecx, ecx); } },
        Absent("STAC", "RFLAGS.AC", c => c.stac()) with { Needs = "smap" },
        Absent("CLAC", "RFLAGS.AC", c => c.clac()) with { Needs = "smap" },
    ];

    private static AuditedInstruction Privileged(string name, string shows, Action<Assembler> code, Expectation? kernel) =>
        new(name, InstructionKind.Privileged, shows, code) { User = Expect.GeneralProtection, Kernel = kernel };

    /// <summary>What is no instruction at all in user mode (SDM 2A MONITOR, STAC).</summary>
    private static AuditedInstruction Absent(string name, string shows, Action<Assembler> code) =>
        new(name, InstructionKind.Privileged, shows, code) { User = Expect.InvalidOpcode, Kernel = Expect.Run };

    private static void ShowInterruptFlag(Assembler c)
    {
        c.pushfq();
        c.pop(rax);
        c.and(eax, (int)InterruptFlag);
    }
}
