using static Ringmaster.Conformance.Tests.Qemu.Explanations.Deviation;

namespace Ringmaster.Conformance.Tests.Qemu.Explanations;

/// <summary>Encodings, waiting, ports, and flags that an instruction leaves undefined.</summary>
internal static class InstructionExplanations
{
    public static IReadOnlyList<Explanation> All { get; } =
    [
        new(AgainstTheManual, "LOCK is not refused everywhere.",
            "SDM 2A LOCK: #UD for all but the listed instructions with a memory destination", ["ending: handler 6 -> mark"],
            ["Encoding: LOCK MOV is undefined*", "Encoding: LOCK BT is undefined*", "Encoding: LOCK MOVS is undefined*",
                "Encoding: LOCK PUSHF is undefined*", "Encoding: LOCK CPUID is undefined*"]),
        new(AgainstTheManual, "The opcode extensions of MOV and POP are not looked at.",
            "SDM 2D table A-6: C6 and 8F are defined with /0 only", ["ending: handler 6 -> mark"], ["Encoding: C6 with an extension is undefined*", "Encoding: 8F /1 is undefined*"]),
        new(AgainstTheManual, "MWAIT waits though nothing is monitored.", "SDM 2B MWAIT: it goes on at once",
            ["ending: mark -> halt"], ["PrivilegedInstruction: MWAIT that nothing has armed, *"]),
        new(AgainstTheManual, "MWAIT refuses the extension that CPUID leaf 5 announces.", "SDM 2B MWAIT",
            ["ending: mark -> handler 13"], ["PrivilegedInstruction: MWAIT does not wait when masked interrupts shall end it"]),
        new(ImplementationDefined, "AAA leaves other values in undefined flags.", "SDM 2A AAA: OF, SF, ZF and PF are undefined",
            ["RFLAGS: 46 -> 2", "RFLAGS: 23046 -> 23002", "RFLAGS: 20046 -> 20002"], ["PrivilegedInstruction: AAA, *"]),
        new(OutsideTheProcessor, "A port without a device returns ones; the tests answer zero.", "SDM 1 19.3 says nothing of it",
            ["RAX: 0 -> FF"],
            ["PrivilegedInstruction: IN of a forbidden port, *", "PrivilegedInstruction: IN of an allowed port, *",
                "Debug: an I/O breakpoint traps after IN", "Debug: an I/O breakpoint of two bytes sees both",
                "Debug: an I/O breakpoint does not mind another port"]),
    ];
}
