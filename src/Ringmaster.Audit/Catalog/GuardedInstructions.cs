using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Audit.Catalog;

/// <summary>Instructions that trap in user mode once the system asks for it in CR4 (SDM 3A 2.5).</summary>
internal static class GuardedInstructions
{
    private const ulong Umip = 0x800, Tsd = 4;

    internal static IReadOnlyList<AuditedInstruction> All { get; } =
    [
        UnderUmip("SGDT", c => c.sgdt(__[rdi])),
        UnderUmip("SIDT", c => c.sidt(__[rdi])),
        UnderUmip("SLDT", c => c.sldt(rax)),
        UnderUmip("SMSW", c => c.smsw(ax)),
        UnderUmip("STR", c => c.str(rax)),
        Under("RDTSC, CR4.TSD", "the time", Tsd, c => c.rdtsc()),
        Under("RDTSCP, CR4.TSD", "the time", Tsd, c => c.rdtscp()) with { Needs = "rdtscp" },
    ];

    private static AuditedInstruction UnderUmip(string name, Action<Assembler> code) =>
        Under($"{name}, CR4.UMIP", "nothing to user mode", Umip, code) with { Needs = "umip", IsUnderUmip = true };

    private static AuditedInstruction Under(string name, string shows, ulong bit, Action<Assembler> code) => new(name, InstructionKind.Guarded, shows, code)
    {
        Given = state => state.Cr4 |= bit, User = Expect.GeneralProtection, Kernel = Expect.Run,
    };
}
