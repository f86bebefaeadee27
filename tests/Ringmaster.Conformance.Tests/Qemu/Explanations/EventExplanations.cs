using static Ringmaster.Conformance.Tests.Qemu.Explanations.Deviation;

namespace Ringmaster.Conformance.Tests.Qemu.Explanations;

/// <summary>Delivery of interrupts and exceptions, and when they are taken.</summary>
internal static class EventExplanations
{
    public static IReadOnlyList<Explanation> All { get; } =
    [
        new(AgainstTheManual, "Faults do not set RF in the flags that they save.", "SDM 3B 17.3.1.1",
            ["RF pushed for vector 5: yes -> no", "RF pushed for vector 6: yes -> no", "RF pushed for vector 10: yes -> no",
                "RF pushed for vector 11: yes -> no", "RF pushed for vector 12: yes -> no", "RF pushed for vector 13: yes -> no",
                "RF pushed for vector 14: yes -> no"], ["*"]),
        new(AgainstTheManual, "Nor do those that are delivered through a task gate, or whose handler has returned.", "SDM 3B 17.3.1.1",
            ["task state [8024]: 10002 -> 2", "task state [8824]: 10002 -> 2", "stack [2FFE8]: 10002 -> 2"],
            ["TaskSwitch: an exception through a task gate pushes its error code in the new task",
                "TaskSwitch: a bad code segment faults in the new task",
                "TaskSwitch: a local descriptor table that is none raises #TS in the new task",
                "String: a page fault's way back lets the string go on"]),
        new(AgainstTheManual, "Errors on the way to a handler do not set EXT.", "SDM 3A 6.13",
            ["pushed error code: 89 -> 88", "pushed error code: 1 -> 0"],
            ["Delivery: errors during the delivery of an exception carry EXT",
                "Delivery: an invalid opcode's bad gate ends in its #GP, not in #DF"]),
        new(AgainstTheManual, "In long mode error codes count gates in units of eight bytes, two for each; nor do they have EXT.",
            "SDM 3A 6.13: the index is the vector", ["pushed error code: 40A -> 812", "pushed error code: 283 -> 502"],
            ["Delivery: long mode has no task gates", "Delivery: an external interrupt with a bad gate carries EXT"]),
        new(AgainstTheManual, "A 16-bit gate's offset has 32 bits.", "SDM 2A INT n: the offset of a 16-bit gate is cut to 16 bits",
            ["RIP: 5678 -> 45678"], ["Delivery: a 16-bit gate pushes words and takes a 16-bit offset"]),
        new(AgainstTheManual, "A handler's offset is not checked against its segment's limit.", "SDM 2A INT n: #GP(EXT)",
            ["ending: handler 13 -> mark"], ["Delivery: a handler beyond its segment is refused"]),
        new(AgainstTheManual, "A handler's address that is not canonical is entered first, and its fetch faults.",
            "SDM 2A INT n: #GP(EXT)", ["RSP: 2FFD0 -> 2FFA0", "stack [*"], ["Delivery: a non-canonical handler is refused"]),
        new(AgainstTheManual, "A stack of the interrupt stack table clears SS at the same level, too.",
            "SDM 3A 6.14.4: only a change of level forces SS to null", ["SS selector: 10 -> 0", "SS is null: no -> yes"],
            ["Delivery: the interrupt stack table is used and aligned"]),
        new(AgainstTheManual, "INT1 is undefined.", "SDM 2A INT1", ["ending: handler 1 -> handler 6"],
            ["Delivery: INT1 does not look at the gate's level", "Debug: ICEBP traps to #DB and leaves DR6"]),
        new(AgainstTheManual, "An IRET that faults leaves NMIs blocked.", "SDM 2A IRET: they are unblocked even then",
            ["NMIs are blocked: no -> yes"], ["InterruptReturn: an IRET that faults lets NMIs through too"]),
        new(ImplementationDefined, "An instruction in another one's shadow does not hold interrupts off itself.",
            "SDM 2B MOV: of a sequence, only the first is guaranteed to delay them", ["RAX: 1 -> 0", "pushed RIP: 10004 -> 10003"],
            ["EventWindow: STI, then MOV SS, hold interrupts off for two instructions"]),
        new(ImplementationDefined, "STI's shadow covers a string instruction with all its repetitions.",
            "SDM 2B STI: until the next instruction is executed; SDM 1 7.3.9.2: interrupts are taken between repetitions",
            ["RCX: 2 -> 0", "RSI: A001 -> A003", "RDI: A101 -> A103", "pushed RIP: 10001 -> 10003", "RF pushed for vector 80: yes -> no"],
            ["EventWindow: an interrupt is taken between two repetitions and pushes RF"]),
        new(AgainstTheManual, "Alignment is never checked.", "SDM 3A 6.15, #AC",
            ["ending: handler 17 -> mark", "ending: handler 17 -> handler 6"],
            ["Alignment: a word at an odd address", "Alignment: a doubleword at 2 modulo 4", "Alignment: a quadword at 4 modulo 8",
                "Alignment: a misaligned *", "Alignment: SIDT at an odd address", "Alignment: POPF switches the check on",
                "Alignment: virtual-8086 code is checked", "Alignment: compatibility code is checked"]),
    ];
}
