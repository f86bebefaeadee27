using Iced.Intel;
using Ringmaster.Conformance.Tests.Harness;
using Ringmaster.Cpu.Exits;

namespace Ringmaster.Conformance.Tests.Qemu.Comparison;

/// <summary>A kind of case that is left out.</summary>
/// <param name="Reason">Why.</param>
/// <param name="What">What such cases are about.</param>
/// <param name="Applies">Tells them.</param>
internal sealed record OmissionRule(Omission Reason, string What, Func<CaseInQemu, bool> Applies)
{
    private const int Eax = 0, Ecx = 1, Edx = 2, Ebx = 3;

    private const ulong VirtualInterrupts = 0x3, Pcids = 0x2_0000;
    private const uint TimestampCounter = 0x10, TimestampAdjust = 0x3B, SpeculationControl = 0x48, PredictionCommand = 0x49,
        DebugControl = 0x1D9, SupervisorState = 0xDA0;

    public static IReadOnlyList<OmissionRule> All { get; } =
    [
        new(Omission.AsksOutside, "exits with answers, or more than one port access", c => c.Before.Answers.Count > 0
            || c.Ours.Exits.Count > 1 || c.Ours.Exits.Exists(exit => exit.Kind is not (VmExitKind.PortRead or VmExitKind.PortWrite))),
        new(Omission.AsksOutside, "string input that stops on the way", c => c.Uses(Mnemonic.Insb) && c.Ours.Exits.Count > 0),
        new(Omission.StartsInShadow, "a shadow before the first instruction", c => c.Before.State.MovSsShadow || c.Before.State.StiShadow),
        new(Omission.ReadsTheClock, "RDTSC", c => c.Uses(Mnemonic.Rdtsc, Mnemonic.Rdtscp) && c.Ends(Ending.Mark)),
        new(Omission.ReadsTheClock, "the time-stamp counter's register", c => AccessesRegister(c, TimestampCounter) && c.Ends(Ending.Mark)),
        new(Omission.ReadsTheModel, "CPUID", c => c.Uses(Mnemonic.Cpuid) && c.Ends(Ending.Mark)),
        new(Omission.UsesVirtualization, "VMRUN", c => c.Uses(Mnemonic.Vmrun)),
        new(Omission.LacksTheFeature, "VME and PVI", c => (c.Before.State.Cr4 & VirtualInterrupts) != 0)
        {
            Feature = new(1, 0, Edx, 1 << 1),
        },
        new(Omission.LacksTheFeature, "PCIDs", c => (c.Before.State.Cr4 & Pcids) != 0) { Feature = new(1, 0, Ecx, 1 << 17) },
        new(Omission.LacksTheFeature, "INVPCID", c => c.Uses(Mnemonic.Invpcid)) { Feature = new(7, 0, Ebx, 1 << 10) },
        new(Omission.LacksTheFeature, "RDPID", c => c.Uses(Mnemonic.Rdpid)) { Feature = new(7, 0, Ecx, 1 << 22) },
        new(Omission.LacksTheFeature, "performance counters", c => c.Uses(Mnemonic.Rdpmc) && c.Ends(Ending.Mark))
        {
            Feature = new(0xA, 0, Eax, 0xFF),
        },
        new(Omission.LacksTheFeature, "speculation control", c => AccessesRegister(c, SpeculationControl, PredictionCommand))
        {
            Feature = new(7, 0, Edx, 3 << 26),
        },
        new(Omission.LacksTheFeature, "supervisor states of XSAVES", c => AccessesRegister(c, SupervisorState))
        {
            Feature = new(0xD, 1, Eax, 1 << 3),
        },
        new(Omission.LacksTheFeature, "the time-stamp counter's adjustment", c => AccessesRegister(c, TimestampAdjust))
        {
            Feature = new(7, 0, Ebx, 1 << 1),
        },
        // QEMU has no DEBUGCTL; nothing announces it.
        new(Omission.LacksTheFeature, "steps from branch to branch",
            c => AccessesRegister(c, DebugControl) || c.Before.State.Msr.DebugControl != 0),
    ];

    /// <summary>What would announce a feature that QEMU lacks.</summary>
    public CpuidField? Feature { get; init; }

    private static bool AccessesRegister(CaseInQemu c, params ReadOnlySpan<uint> registers) =>
        c.Uses(Mnemonic.Rdmsr, Mnemonic.Wrmsr) && registers.Contains(c.ModelSpecificRegister);
}
