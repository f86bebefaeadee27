using System.IO.Enumeration;
using Ringmaster.Conformance.Tests.Engines;
using Ringmaster.Conformance.Tests.Harness;
using Ringmaster.Conformance.Tests.Qemu.Comparison;
using Ringmaster.Conformance.Tests.Qemu.Explanations;

namespace Ringmaster.Conformance.Tests.Kvm;

/// <summary>Why a case may end otherwise on the kernel's vCPUs: what executes it is not Ringmaster.</summary>
/// <param name="What">What happens instead.</param>
/// <param name="Source">Where the kernel's documentation or the manual speaks of it, or who decides.</param>
/// <param name="Cases">The cases, as <see cref="NamedCase"/> names them; * stands for anything.</param>
internal sealed record KvmExcuse(string What, string Source, params string[] Cases)
{
    /// <summary>Whether the case can be run at all.</summary>
    public bool CanRun { get; init; } = true;

    /// <summary>What KVM does on every processor, or on AMD's.</summary>
    public static IReadOnlyList<KvmExcuse> OfKvm { get; } =
    [
        new("Of writes to CR8, KVM reports those that lower it. One that raises it cannot let an interrupt through.",
            "api.rst, KVM_EXIT_SET_TPR", "ControlRegister: CR8 below the threshold is reported"),
        new("REP INS reads up to the end of the page ahead, before it looks whether its memory is there.",
            "api.rst, \"count\" of the port access in kvm_run", "String: REP INS stops between ports and memory",
            "String: REP INS to an absent page does not ask the port"),
        new("A SYSENTER register's value that is not canonical is made canonical, not refused.", "KVM decides",
            "Msr: Intel wants a canonical SYSENTER_E*"),
        new("Writes to IA32_MISC_ENABLE are not checked for reserved bits.", "KVM decides", "Msr: MISC_ENABLE refuses reserved bits"),
        new("CPUID has the SYSCALL bit in all modes of a model of Intel's, too.", "KVM decides", "Msr: Intel hides SYSCALL from 32-bit code"),
        new("SVM's instructions of user code meet a processor in which SVM is on.", "APM 3, VMRUN: #GP where EFER.SVME is set, #UD where it is not",
            "PrivilegedInstruction: VMRUN, *"),
    ];

    /// <summary>What a processor emulated by QEMU 7.2 does beyond what <see cref="Explanation"/> says, because KVM enters the guest by VMRUN.</summary>
    public static IReadOnlyList<KvmExcuse> OfEmulatedProcessors { get; } =
    [
        new("A guest that has activated long mode without PAE is never left.", "QEMU", "ControlRegister: long mode needs CR4.PAE") { CanRun = false },
        new("VMRUN loads DR7 and arms no breakpoint; those of the guest before stay armed.", "QEMU; APM 2 15.5.1 has DR7 loaded",
            "Debug: *breakpoint*", "Debug: RF passes one code breakpoint", "Debug: DR0 has 64 bits", "InterruptReturn: RF lasts for one instruction",
            "InterruptReturn: IRET to TF traps after the instruction it returns to"),
        new("Task switches are not intercepted, so KVM does not learn of CR0.TS.", "QEMU; APM 2 15.14.1",
            "TaskSwitch: JMP to a TSS loads the task and saves the old one"),
        new("What writes to its own next instruction finds it changed one round late, once.", "QEMU",
            "ModifiedCode: a loop that changes a constant in its body"),
    ];

    /// <summary>The excuse of a case on this host, if it has one.</summary>
    public static KvmExcuse? Of(NamedCase named) =>
        OfKvm.FirstOrDefault(excuse => excuse.Covers(named.Name))
        ?? (EmulatedProcessor.IsHost ? OfEmulated(named) : null);

    private static KvmExcuse? OfEmulated(NamedCase named)
    {
        if (OfEmulatedProcessors.FirstOrDefault(excuse => excuse.Covers(named.Name)) is { } own)
            return own;
        if (Explanation.All.FirstOrDefault(e => e.Cases.Any(pattern => pattern != "*" && Matches(pattern, named.Name))) is { } explanation)
            return new(explanation.What, explanation.Manual, named.Name);
        var candidate = new CaseInQemu(named.Row, CaseRunner.Prepare(named.Row), CaseRunner.Run(EngineUnderTest.Get("interpreter"), named.Row));
        return OmissionRule.All.FirstOrDefault(rule => rule.Reason != Omission.AsksOutside && rule.Applies(candidate)) is { } rule
            ? new(rule.What, rule.Reason.ToString(), named.Name) : null;
    }

    private bool Covers(string name) => Cases.Any(pattern => Matches(pattern, name));

    private static bool Matches(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}
