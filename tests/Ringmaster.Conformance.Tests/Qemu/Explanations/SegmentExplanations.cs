using static Ringmaster.Conformance.Tests.Qemu.Explanations.Deviation;

namespace Ringmaster.Conformance.Tests.Qemu.Explanations;

/// <summary>Limits and types of segments, and what loading them does.</summary>
internal static class SegmentExplanations
{
    public static IReadOnlyList<Explanation> All { get; } =
    [
        new(AgainstTheManual, "Accesses are not checked against the segment's limit.", "SDM 3A 5.3",
            ["ending: handler 13 -> mark", "ending: handler 12 -> mark"],
            ["Limit: one byte beyond a segment", "Limit: a byte above the limit", "Limit: an offset that wraps at 4 GBytes",
                "Limit: a read-modify-write beyond a segment", "Limit: sixteen bytes beyond a segment",
                "Limit: at an expand-down segment's limit", "Limit: across an expand-down segment's limit",
                "Limit: beyond the end of a 16-bit expand-down segment", "Limit: a stack access beyond SS raises #SS",
                "Limit: an access through EBP beyond SS raises #SS", "Limit: a pop beyond SS raises #SS",
                "Limit: a word at offset FFFF *", "Limit: without it, 32-bit offsets stop at 64 KBytes",
                "String: STOS beyond ES raises #GP", "FarTransfer: far CALL without room on the stack raises #SS",
                "Delivery: no room on the task's stack raises #SS by name"]),
        new(AgainstTheManual, "Code is not checked against CS's limit, nor are near branches.", "SDM 3A 5.3; SDM 2A JMP, CALL",
            ["ending: handler 13 -> mark", "ending: handler 13 -> handler 6"],
            ["Limit: code beyond CS's limit raises #GP", "Limit: a jump beyond CS's limit faults on itself",
                "Limit: a call beyond CS's limit pushes nothing", "Limit: running off the end of a 64 KByte segment raises #GP",
                "Limit: code that was run under a wide limit stops at a narrow one"]),
        new(AgainstTheManual, "Accesses are not checked against the segment's type.", "SDM 3A 5.4; 5.4.1 for null selectors",
            ["ending: handler 13 -> mark"],
            ["Limit: a store to a read-only segment", "Limit: a store through CS", "Limit: a load through execute-only CS",
                "Limit: a load through a null segment"]),
        new(AgainstTheManual, "Far transfers and events leave the accessed bit of the code segment's descriptor alone.",
            "SDM 3A 3.4.5.1: it is set whenever the segment is loaded",
            ["CS attributes: C09F -> C09E", "descriptor [606C]: CF9F00 -> CF9E00"],
            ["FarTransfer: conforming code runs at the caller's level",
                "Delivery: a handler in conforming code runs at the level of the code it interrupts"]),
        new(AgainstTheManual, "A null selector of any RPL is loaded into SS.", "SDM 2B MOV: in 64-bit mode RPL must be CPL, and below 3",
            ["ending: handler 13 -> mark"], ["SegmentLoading: SS refuses a null selector of another RPL in 64-bit mode"]),
        new(AgainstTheManual, "A local table that cannot be used is recognised by its limit of zero alone.",
            "SDM 2A LLDT: references to a table whose selector is null raise #GP",
            ["ending: handler 13 -> mark"], ["SegmentLoading: without a local table its selectors are refused"]),
        new(NotVisible, "LLDT of a null selector keeps the hidden part's present bit, with a limit of zero.", "SDM 2A LLDT",
            ["LDTR is null: yes -> no"],
            ["PrivilegedInstruction: LLDT, Kernel*"]),
        new(AgainstTheManual, "LTR takes a null selector.", "SDM 2A LTR: #GP(0)", ["ending: handler 13 -> mark"],
            ["PrivilegedInstruction: LTR of a null selector, Kernel*"]),
        new(AgainstTheManual, "Loads in virtual-8086 mode keep the segment's limit.",
            "SDM 3C 26.3.1.2: it is FFFFH in virtual-8086 mode",
            ["DS limit: FFFF -> FFFFFFFF"], ["SegmentLoading: a virtual-8086 load sets a limit of 64 KiB"]),
        new(OtherVendor, "PUSH of a selector clears the slot's upper half.", "SDM 2B PUSH: recent Intel processors leave it; APM 3 PUSH",
            ["stack [2FFFC]: FFFF0010 -> 10"], ["SegmentLoading: Intel leaves the slot's upper half alone"]),
        new(AgainstTheManual, "LGDT takes a base that is not canonical.", "SDM 2A LGDT", ["ending: handler 13 -> mark"],
            ["PrivilegedInstruction: LGDT refuses a base that is not canonical"]),
        new(ImplementationDefined, "LAR returns zeros in bits 16 to 19.", "SDM 2A LAR: undefined for segments, and for gates",
            ["RAX: CFF300 -> C0F300", "RAX: CF9E00 -> C09E00", "RAX: CF7300 -> C07300", "RAX: 4EC00 -> EC00"],
            ["SensitiveInstruction: LAR returns the rights", "SensitiveInstruction: LAR looks at the requested level",
                "SensitiveInstruction: LAR does not mind an absent segment", "SensitiveInstruction: LAR returns a call gate's rights"]),
    ];
}
