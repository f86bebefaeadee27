using static Ringmaster.Conformance.Tests.Qemu.Explanations.Deviation;

namespace Ringmaster.Conformance.Tests.Qemu.Explanations;

/// <summary>Far transfers, returns, system calls and task switches.</summary>
internal static class TransferExplanations
{
    public static IReadOnlyList<Explanation> All { get; } =
    [
        new(AgainstTheManual, "The #GP of an offset beyond the target's limit names the segment.", "SDM 2A CALL: #GP(0)",
            ["pushed error code: 0 -> E8"], ["FarTransfer: a refused far CALL leaves the stack pointer"]),
        new(AgainstTheManual, "A call gate whose stack is not present raises #TS.", "SDM 2A CALL: #SS with the selector",
            ["ending: handler 12 -> handler 10"], ["FarTransfer: a call gate inward refuses an absent stack with #SS"]),
        new(AgainstTheManual, "Code with both L and D set is entered.", "SDM 2A JMP: #GP with the selector",
            ["ending: handler 13 -> handler 6"], ["FarTransfer: code cannot be 64-bit and 32-bit at once"]),
        new(AgainstTheManual, "Returns to an address that is not canonical are made; the fetch there faults.",
            "SDM 2B RET, SYSRET, SYSEXIT; SDM 2A IRET: #GP(0) of the return itself",
            ["RSP: *", "stack [*", "SS *", "paging entry [1041*", "accessed bit [104040]: no -> yes"],
            ["FarTransfer: far RET to a non-canonical address is refused", "InterruptReturn: IRETQ to a non-canonical address is refused",
                "SystemCall: SYSRET to a non-canonical address faults in the kernel on Intel",
                "SystemCall: SYSEXIT to a non-canonical address is refused"]),
        new(AgainstTheManual, "IRETQ to compatibility code does not look at its limit.", "SDM 2A IRET: #GP(0)",
            ["ending: handler 13 -> handler 14"], ["InterruptReturn: IRETQ to compatibility code beyond 32 bits is refused"]),
        new(AgainstTheManual, "IRETD enters virtual-8086 mode from any level.", "SDM 2A IRET: at level 0 only",
            ["ending: mark -> handler 6"], ["InterruptReturn: user code cannot enter virtual-8086 mode"]),
        new(NotVisible, "IRETQ to a null SS leaves a hidden part that could be used.", "SDM 3A 6.14.3: 64-bit mode ignores it",
            ["SS is null: yes -> no"], ["InterruptReturn: IRETQ takes a null stack below level 3"]),
        new(AgainstTheManual, "SYSCALL clears the arithmetic flags whatever FMASK says.", "SDM 2B SYSCALL: RFLAGS AND NOT IA32_FMASK",
            ["RFLAGS: 46 -> 2"], ["SystemCall: SYSCALL enters the kernel"]),
        new(OtherVendor, "SYSCALL works in compatibility mode.", "SDM 2B SYSCALL: #UD outside 64-bit mode; APM 3 SYSCALL: enters at CSTAR",
            ["ending: handler 6 -> mark"], ["SystemCall: SYSCALL from compatibility mode is undefined on Intel"]),
        new(AgainstTheManual, "SYSRET loads VM.", "SDM 2B SYSRET: R11 AND 3C7FD7H", ["RFLAGS: AD7 -> 20AD7"],
            ["SystemCall: SYSRET returns to 64-bit user code"]),
        new(OtherVendor, "SYSRET loads all of SS's hidden part.", "APM 3 SYSRET: AMD's processors load the selector only",
            ["SS is null: yes -> no"], ["SystemCall: SYSRET keeps SS's hidden part on AMD"]),
        new(NotVisible, "SYSENTER and SYSEXIT set both L and D in CS's hidden part.", "SDM 2B SYSENTER, SYSEXIT: D is clear",
            ["CS attributes: A09B -> E09B", "CS attributes: A0FB -> E0FB"],
            ["SystemCall: SYSENTER enters 64-bit code on Intel", "SystemCall: SYSEXIT returns to 64-bit user code"]),
        new(AgainstTheManual, "A task's T bit is ignored.", "SDM 3B 17.3.1.5", ["ending: handler 1 -> mark"],
            ["TaskSwitch: the T bit traps after the switch"]),
        new(ImplementationDefined, "A task switch leaves DR7.LE alone.", "SDM 3B 17.2.4: only L0 to L3 are said to be cleared",
            ["DR7: 602 -> 702"], ["TaskSwitch: a switch disarms local breakpoints"]),
        new(ImplementationDefined, "A 16-bit task leaves the upper half of ESP alone.", "SDM 3A 7.6 says nothing of it",
            ["RSP: 0 -> 30000"], ["TaskSwitch: a 16-bit task keeps 16-bit registers"]),
    ];
}
