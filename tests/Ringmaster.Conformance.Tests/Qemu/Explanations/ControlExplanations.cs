using static Ringmaster.Conformance.Tests.Qemu.Explanations.Deviation;

namespace Ringmaster.Conformance.Tests.Qemu.Explanations;

/// <summary>Control registers.</summary>
internal static class ControlExplanations
{
    public static IReadOnlyList<Explanation> All { get; } =
    [
        new(AgainstTheManual, "MOV to CR0 accepts combinations of bits that make no sense.",
            "SDM 2B MOV, control registers; SDM 3A 4.1.2",
            ["ending: handler 13 -> mark", "ending: handler 13 -> shutdown"],
            ["ControlRegister: CR0.PG needs CR0.PE", "ControlRegister: CR0.NW needs CR0.CD", "ControlRegister: long mode needs CR4.PAE",
                "ControlRegister: long mode cannot be activated from a segment with the L bit",
                "ControlRegister: paging cannot be switched off in 64-bit mode"]),
        new(AgainstTheManual, "CR0 keeps reserved bits, and does not refuse those of its upper half.",
            "SDM 2B MOV, control registers: CR0[31:0] ignores them, CR0[63:32] refuses them",
            ["CR0: 11 -> 1FF8FFD1", "ending: handler 13 -> mark"],
            ["ControlRegister: CR0.ET is always set and unknown bits are not", "ControlRegister: the upper half of CR0 is reserved"]),
        new(AgainstTheManual, "Reserved bits of CR3 and CR4 end the guest with an invalid state instead of raising #GP.",
            "SDM 2B MOV, control registers: #GP(0)", ["ending: handler 13 -> exit 0xFFFFFFFF"],
            ["ControlRegister: reserved bits of CR3 are refused", "ControlRegister: CR3's no-flush bit needs PCIDs",
                "ControlRegister: reserved bits of CR4 are refused",
                "ControlRegister: bits of features that the model lacks are refused in CR4"]),
        new(AgainstTheManual, "CR4.PAE can be cleared in long mode.", "SDM 2B MOV, control registers: #GP(0)",
            ["ending: handler 13 -> shutdown"], ["ControlRegister: CR4.PAE stays set in long mode"]),
        new(AgainstTheManual, "CR4.PCIDE can be set, though the processor has no PCIDs.", "SDM 2B MOV, control registers; SDM 3A 4.10.1",
            ["ending: handler 13 -> mark"], ["ControlRegister: CR4.PCIDE needs long mode", "ControlRegister: CR4.PCIDE needs PCID 0"]),
        new(AgainstTheManual, "CR8 does not refuse reserved bits.", "SDM 3A 10.8.6: #GP(0)", ["ending: handler 13 -> mark"],
            ["ControlRegister: CR8 has four bits"]),
        new(AgainstTheManual, "User code's access to a control register that does not exist raises #GP.",
            "SDM 3A 6.9, table 6-2: faults of decoding come before those of executing", ["ending: handler 6 -> handler 13"],
            ["PrivilegedInstruction: MOV from CR1, *", "PrivilegedInstruction: MOV from CR5, *"]),
    ];
}
