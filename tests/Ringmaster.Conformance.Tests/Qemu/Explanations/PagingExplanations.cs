using static Ringmaster.Conformance.Tests.Qemu.Explanations.Deviation;

namespace Ringmaster.Conformance.Tests.Qemu.Explanations;

/// <summary>Page walks and page faults.</summary>
internal static class PagingExplanations
{
    public static IReadOnlyList<Explanation> All { get; } =
    [
        new(AgainstTheManual, "Page faults for reserved bits leave the error code's P bit clear.",
            "SDM 3A 4.7: RSVD is set only with P, as reserved bits are looked at in present entries only",
            ["pushed error code: 9 -> 8", "pushed error code: B -> A", "pushed error code: D -> C", "pushed error code: F -> E",
                "pushed error code: 19 -> 18", "pushed error code: 1D -> 1C"],
            ["PageFault: bit 63 without NXE: *", "PageFault: address bits beyond the processor's: *",
                "PageFault: address bits beyond the processor's under NX: *", "PageFault: bit 52 of a PAE page: *",
                "PageFault: bit 62 of a PAE table: *", "PageFault: a 2-MByte page with address bit 13: *",
                "PageFault: a 4-MByte page with bit 21: *", "Translation: PS is reserved in a PML? entry"]),
        new(AgainstTheManual, "PAE paging reads the top entries with every walk and sets an accessed bit in them.",
            "SDM 3A 4.4.1 and table 4-8: they are read by MOV to CR3, and their bit 5 is reserved",
            ["accessed bit [109000]: no -> yes", "memory [A000]: 103001 -> 103021"],
            ["PageFault: *Pae", "Translation: *Pae", "Crossing: *Pae", "ModifiedCode: *Pae", "ControlRegister: CR3 with PAE loads the four top entries",
                "ControlRegister: reserved bits of an absent top entry do not matter"]),
        new(AgainstTheManual, "PAE's top entries are not checked when CR3 is loaded.", "SDM 3A 4.4.1",
            ["ending: handler 13 -> mark"], ["ControlRegister: a reserved bit of a top entry is refused"]),
        new(AgainstTheManual, "RFLAGS.AC lets the processor's own accesses to descriptor tables pass SMAP, too.",
            "SDM 3A 4.6.1: implicit supervisor-mode accesses do not depend on AC",
            ["ending: handler 14 -> mark"], ["Translation: a descriptor table in a user page does not pass SMAP, AC or not"]),
        new(AgainstTheManual, "Only the first byte of an operand is checked for being canonical; the rest is left to the page walk.",
            "SDM 1 3.3.7.1; SDM 3A 6.15, #GP", ["ending: handler 13 -> handler 14"],
            ["Translation: a load whose last byte is not canonical raises #GP"]),
        new(AgainstTheManual, "An address of the stack that is not canonical raises #GP.", "SDM 3A 6.15, #SS; SDM 1 3.3.7.1",
            ["ending: handler 12 -> handler 13"],
            ["Translation: a stack access that is not canonical raises #SS",
                "Translation: an access through RBP that is not canonical raises #SS"]),
        new(AgainstTheManual, "A branch to an address that is not canonical is taken; the fetch there faults.",
            "SDM 2A JMP: #GP(0) of the branch", ["pushed RIP: 10000 -> 800000000000"],
            ["Translation: a branch that is not canonical faults on itself"]),
        new(AgainstTheManual, "CLFLUSH does not look at its address.", "SDM 2A CLFLUSH: #PF as for a load",
            ["ending: handler 14 -> mark"], ["ControlRegister: CLFLUSH faults like a load"]),
        new(AgainstTheManual, "MONITOR does not look at its address.",
            "SDM 2B MONITOR: it is checked as a byte load and sets accessed bits",
            ["accessed bit [104000]: yes -> no", "accessed bit [104050]: yes -> no"],
            ["PrivilegedInstruction: MONITOR, Kernel64", "PrivilegedInstruction: MONITOR, KernelCompatibility",
                "PrivilegedInstruction: MONITOR and MWAIT wait"]),
    ];
}
