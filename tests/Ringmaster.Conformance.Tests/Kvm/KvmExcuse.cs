using System.IO.Enumeration;
using Ringmaster.Conformance.Tests.Engines;
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
        new("SYSENTER of 64-bit code, which only Intel's processors have, is not emulated on AMD's.", "KVM decides",
            "PrivilegedInstruction: SYSENTER without a segment, *64", "SystemCall: SYSENTER enters 64-bit code on Intel"),
        new("VMCALL of user code is refused as privileged before it is undefined.", "KVM decides: it emulates the other vendor's hypercall",
            "PrivilegedInstruction: VMCALL, *"),
        new("MWAIT does not wait. The engine does not offer the feature.", "KVM decides: MONITOR and MWAIT do nothing",
            "PrivilegedInstruction: MONITOR and MWAIT wait"),
        new("SVM's instructions of user code meet a processor in which SVM is on.", "APM 3, VMRUN: #GP where EFER.SVME is set, #UD where it is not",
            "PrivilegedInstruction: VMRUN, *"),
    ];

    /// <summary>What is otherwise with local APICs in the kernel.</summary>
    public static IReadOnlyList<KvmExcuse> OfLocalApics { get; } =
    [
        new("Writes to CR8 are not reported: the local APIC that they concern is the kernel's.", "api.rst, KVM_EXIT_SET_TPR",
            "ControlRegister: CR8 below the threshold is reported"),
    ];

    /// <summary>What a processor emulated by QEMU 7.2 does beyond what <see cref="Explanation"/> says, because KVM enters the guest by VMRUN.</summary>
    public static IReadOnlyList<KvmExcuse> OfEmulatedProcessors { get; } =
    [
        new("A guest that has activated long mode without PAE is never left.", "QEMU", "ControlRegister: long mode needs CR4.PAE") { CanRun = false },
        // Nothing of it can be judged, and what stays armed ends other guests' cases with #DB, and the emulator where it removes a
        // breakpoint that has become a watchpoint by DR7.
        new("VMRUN loads DR7 and arms no breakpoint; those of the guest before stay armed.", "QEMU; APM 2 15.5.1 has DR7 loaded",
            "Debug: *breakpoint*", "Debug: DR0 has 64 bits", "TaskSwitch: a switch disarms local breakpoints",
            "InterruptReturn: RF lasts for one instruction", "InterruptReturn: IRET to TF traps after the instruction it returns to") { CanRun = false },
        new("Task switches are not intercepted, so KVM does not learn of CR0.TS.", "QEMU; APM 2 15.14.1",
            "TaskSwitch: JMP to a TSS loads the task and saves the old one"),
        new("What writes to its own next instruction finds it changed one round late, once.", "QEMU",
            "ModifiedCode: a loop that changes a constant in its body"),
    ];

    /// <summary>Whether a case has an excuse on this host.</summary>
    public static bool Has(string engine, string name) =>
        All.Concat(EngineUnderTest.HasApics(engine) ? OfLocalApics : []).Any(excuse => excuse.Covers(name));

    /// <summary>Whether a case would end this host, or never end.</summary>
    public static bool Forbids(string name) => All.Any(excuse => !excuse.CanRun && excuse.Covers(name));

    private static IEnumerable<KvmExcuse> All => EmulatedProcessor.IsHost ? OfKvm.Concat(OfEmulatedProcessors) : OfKvm;

    private bool Covers(string name) => Cases.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false));
}
