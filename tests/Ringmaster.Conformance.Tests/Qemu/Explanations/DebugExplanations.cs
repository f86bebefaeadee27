using static Ringmaster.Conformance.Tests.Qemu.Explanations.Deviation;

namespace Ringmaster.Conformance.Tests.Qemu.Explanations;

/// <summary>Breakpoints, single steps and debug registers.</summary>
internal static class DebugExplanations
{
    public static IReadOnlyList<Explanation> All { get; } =
    [
        new(AgainstTheManual, "DR7.GD has no effect, and stays set.", "SDM 3B 17.2.4, 17.3.1.3",
            ["ending: handler 1 -> mark", "DR7: 400 -> 2400"],
            ["ControlRegister: DR7.GD traps access to debug registers", "Debug: #DB clears DR7.GD"]),
        new(AgainstTheManual, "DR7 keeps reserved bits.", "SDM 3B 17.2.4, figure 17-1: bits 14 and 15 are zero, and 11 without RTM",
            ["RCX: 400 -> CC00", "DR7: 400 -> CC00"], ["Debug: DR7 keeps its fixed bits"]),
        new(AgainstTheManual, "LSS puts the single step off.", "SDM 3A 6.8.3: MOV and POP of SS do, LSS is the alternative",
            ["RCX: 0 -> 1", "pushed RIP: 10007 -> 10008"], ["Debug: LSS does not put the single step off"]),
        new(AgainstTheManual, "MOV SS holds no breakpoints off.", "SDM 3A 6.8.3; SDM 3B 17.3.1.1",
            ["ending: mark -> handler 1", "RCX: 1 -> 0", "pushed RIP: 10007 -> 10006"],
            ["Debug: a code breakpoint in the shadow of MOV SS does not stop",
                "Debug: a data breakpoint in MOV SS waits for the next instruction"]),
        new(ImplementationDefined, "I/O breakpoints work without CR4.DE.", "SDM 3B 17.2.4: R/W 10 is undefined then",
            ["ending: mark -> handler 1"], ["Debug: an I/O breakpoint needs CR4.DE"]),
    ];
}
