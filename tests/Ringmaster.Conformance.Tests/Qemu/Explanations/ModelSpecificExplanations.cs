using static Ringmaster.Conformance.Tests.Qemu.Explanations.Deviation;

namespace Ringmaster.Conformance.Tests.Qemu.Explanations;

/// <summary>Model-specific registers, and instructions that access them.</summary>
internal static class ModelSpecificExplanations
{
    public static IReadOnlyList<Explanation> All { get; } =
    [
        new(AgainstTheManual, "Addresses that are not canonical can be written.", "SDM 2D WRMSR, WRFSBASE: #GP(0)",
            ["ending: handler 13 -> mark"],
            ["Msr: LSTAR must be canonical", "Msr: GS base must be canonical", "Msr: kernel GS base must be canonical",
                "Msr: WRFSBASE wants a canonical base", "Msr: Intel wants a canonical SYSENTER_EIP"]),
        new(AgainstTheManual, "Reserved bits and values can be written.", "SDM 2D WRMSR: #GP(0); SDM 3A 11.11.2, 11.12.2",
            ["ending: handler 13 -> mark"],
            ["Msr: reserved bits of EFER are refused", "Msr: FMASK has 32 bits", "Msr: the PAT refuses reserved types",
                "Msr: a fixed MTRR refuses the PAT's UC-", "Msr: a variable MTRR's base refuses reserved bits",
                "Msr: a variable MTRR's mask ends with physical memory", "Msr: the default memory type refuses reserved bits",
                "Msr: MISC_ENABLE refuses reserved bits", "Msr: Intel reserves the upper half of TSC_AUX"]),
        new(AgainstTheManual, "EFER.LME can be changed under paging.", "SDM 3A 9.8.5: #GP(0)",
            ["ending: handler 13 -> mark"], ["Msr: EFER.LME cannot change under paging"]),
        new(AgainstTheManual, "Writes to a read-only register do nothing.", "SDM 2D WRMSR; SDM 3A 11.11.1", ["ending: handler 13 -> mark"],
            ["Msr: MTRR capabilities are read-only"]),
        new(OtherVendor, "TSC_AUX and SYSENTER_EIP keep 64 bits.", "APM 2 appendix A and 6.1.2: AMD's have 32",
            ["MSR C0000103: 7 -> 500000007", "SYSENTER_EIP: 5 -> 800000000005"],
            ["Msr: AMD ignores the upper half of TSC_AUX", "Msr: AMD keeps 32 bits of SYSENTER_EIP"]),
    ];
}
