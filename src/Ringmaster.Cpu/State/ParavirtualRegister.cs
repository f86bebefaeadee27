using System.Globalization;

namespace Ringmaster.Cpu.State;

/// <summary>A register of <see cref="ParavirtualState"/>.</summary>
/// <param name="Index">The number that RDMSR takes.</param>
/// <param name="Name">What the interface's authors call it.</param>
/// <param name="Feature">The CPU feature with which it exists.</param>
/// <param name="In">Where it is in the state.</param>
public sealed record ParavirtualRegister(uint Index, string Name, string Feature, ParavirtualRegister.Place In)
{
    /// <summary>A synthetic interrupt is held back (TLFS 11.8.4).</summary>
    private const ulong Masked = 0x1_0000;

    /// <summary>A register's place in a state.</summary>
    public delegate ref ulong Place(ref ParavirtualState state);

    /// <summary>All of them, in an order in which their values can be written: the guest's identity before the hypercall page.</summary>
    public static IReadOnlyList<ParavirtualRegister> All { get; } =
    [
        new(0x4B56_4D00, "MSR_KVM_WALL_CLOCK_NEW", "kvmclock", static (ref s) => ref s.KvmWallClock) { IsShared = true },
        new(0x4B56_4D01, "MSR_KVM_SYSTEM_TIME_NEW", "kvmclock", static (ref s) => ref s.KvmSystemTime),
        new(0x4B56_4D03, "MSR_KVM_STEAL_TIME", "kvm-steal-time", static (ref s) => ref s.KvmStealTime),
        new(0x4B56_4D04, "MSR_KVM_EOI_EN", "kvm-pv-eoi", static (ref s) => ref s.KvmEoi),
        new(0x4000_0000, "HV_X64_MSR_GUEST_OS_ID", "hv-hypercall", static (ref s) => ref s.HyperVGuestId) { IsShared = true },
        new(0x4000_0001, "HV_X64_MSR_HYPERCALL", "hv-hypercall", static (ref s) => ref s.HyperVHypercall) { IsShared = true },
        new(0x4000_0021, "HV_X64_MSR_REFERENCE_TSC", "hv-reference-tsc", static (ref s) => ref s.HyperVReferenceTsc) { IsShared = true },
        new(0x4000_0073, "HV_X64_MSR_VP_ASSIST_PAGE", "hv-apic", static (ref s) => ref s.HyperVAssistPage),
        new(0x4000_0080, "HV_X64_MSR_SCONTROL", "hv-synic", static (ref s) => ref s.HyperVSynicControl),
        new(0x4000_0082, "HV_X64_MSR_SIEFP", "hv-synic", static (ref s) => ref s.HyperVEventFlags),
        new(0x4000_0083, "HV_X64_MSR_SIMP", "hv-synic", static (ref s) => ref s.HyperVMessages),
        .. Enumerable.Range(0, 16).Select(i => new ParavirtualRegister(
            0x4000_0090u + (uint)i, Numbered("HV_X64_MSR_SINT", i, ""), "hv-synic", (ref s) => ref s.HyperVInterrupts[i]) { AtPowerUp = Masked }),
        .. Enumerable.Range(0, 8).Select(i => new ParavirtualRegister(
            0x4000_00B0u + (uint)i, Numbered("HV_X64_MSR_STIMER", i / 2, i % 2 == 0 ? "_CONFIG" : "_COUNT"), "hv-stimer", (ref s) => ref s.HyperVTimers[i])),
    ];

    /// <summary>All vCPUs of a machine have the same value; what the first one takes on counts for all.</summary>
    public bool IsShared { get; init; }

    /// <summary>
    /// What the register holds after power-up, for which zero stands in a state; no guest can write zero where this is something else.
    /// </summary>
    public ulong AtPowerUp { get; init; }

    /// <summary>The first register of a state that is in use, or null.</summary>
    public static ParavirtualRegister? FirstInUse(ParavirtualState state) => All.FirstOrDefault(register => register.In(ref state) != 0);

    /// <summary>
    /// A state after an INIT: what belongs to one vCPU is as after power-up, so that nothing writes to the memory of a guest that has
    /// started anew.
    /// </summary>
    public static ParavirtualState AfterInit(ParavirtualState state)
    {
        var after = default(ParavirtualState);
        foreach (var register in All.Where(register => register.IsShared))
            register.In(ref after) = register.In(ref state);
        return after;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} ({Index:X})");

    private static string Numbered(string name, int number, string rest) => string.Create(CultureInfo.InvariantCulture, $"{name}{number}{rest}");
}
