using Ringmaster.Cpu.Doorbells;
using Ringmaster.Cpu.Interrupts;
using Ringmaster.Cpu.Kvm.Execution;
using Ringmaster.Cpu.Kvm.State;
using Ringmaster.Cpu.Models;
using Ringmaster.Host;
using Ringmaster.Host.Kvm;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Kvm;

/// <summary>The hardware engine: AMD-V or VT-x with nested paging, through the kernel's /dev/kvm.</summary>
/// <remarks>
/// Interrupt controllers are outside, and the engine injects what the machine's local APICs give it; or the kernel has the local APICs
/// (<see cref="KvmIrqchip.Split"/>), or all of them (<see cref="KvmIrqchip.Kernel"/>).
/// </remarks>
public sealed class KvmEngine : IEngine
{
    private readonly KvmDevice _device;
    private readonly Lock _lock = new();
    private readonly Dictionary<GuestMemory, KvmGuest> _guests = [];

    private KvmEngine(KvmDevice device, KvmIrqchip irqchip)
    {
        _device = device;
        Irqchip = irqchip;
        Features = KvmFeatures.From(
            device.GetSupportedCpuid(), device.GetSupportedHyperVCpuid(), KvmFeatures.ArchCapabilitiesOf(device), hasLocalApic: irqchip != KvmIrqchip.User);
        TscFrequency = ExamineVcpu(device);
    }

    /// <inheritdoc/>
    public string Name => "kvm";

    /// <inheritdoc/>
    public EngineFeatures Features { get; }

    /// <inheritdoc/>
    public ulong? TscFrequency { get; }

    /// <summary>Which interrupt controllers the kernel has.</summary>
    public KvmIrqchip Irqchip { get; }

    /// <summary>Opens the device and sees whether the kernel has all that the engine relies on.</summary>
    /// <param name="path">Normally <c>/dev/kvm</c>.</param>
    /// <param name="irqchip">Which interrupt controllers the kernel has; null for the local APICs if it can.</param>
    /// <exception cref="KvmException">The device cannot be used. The message says why.</exception>
    public static KvmEngine Create(string path = "/dev/kvm", KvmIrqchip? irqchip = KvmIrqchip.User)
    {
        KvmDevice? device = null;
        try
        {
            device = KvmDevice.Open(path);
            Require(device);
            return new KvmEngine(device, ChooseIrqchip(device, irqchip));
        }
        catch (IOException error)
        {
            device?.Dispose();
            throw new KvmException($"{path} cannot be used: {error.Message}.", error);
        }
        catch
        {
            device?.Dispose();
            throw;
        }
    }

    /// <summary>Sees whether the kernel has all that the engine relies on, which a device that runs guests need not have.</summary>
    /// <param name="path">As for <see cref="Create"/>.</param>
    /// <returns>Why not, in sentences; null if it has.</returns>
    public static string? FindRefusal(string path = "/dev/kvm")
    {
        try
        {
            using var engine = Create(path);
            return null;
        }
        catch (KvmException refusal)
        {
            return refusal.Message;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="KvmException">The kernel refused.</exception>
    public IVirtualCpu CreateVcpu(VcpuIndex index, GuestMemory memory, VcpuSetup setup)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(setup);
        lock (_lock)
        {
            KvmGuest? guest = null;
            try
            {
                if (!_guests.TryGetValue(memory, out guest))
                    _guests[memory] = guest = new KvmGuest(_device.CreateVm(), memory, MsrSet.For(setup.Cpuid, hasApic: Irqchip != KvmIrqchip.User), Irqchip);
                guest.Users++;
                return new KvmVirtualCpu(index, guest, setup, Features.Xsave, () => Release(guest));
            }
            catch (LinuxException error)
            {
                throw new KvmException($"The kernel cannot give the guest vCPU {index}: {error.Message}.", error);
            }
        }
    }

    /// <inheritdoc/>
    public IInterruptFabric? FabricOf(GuestMemory memory)
    {
        lock (_lock)
            return Irqchip == KvmIrqchip.User ? null : _guests[memory].Fabric;
    }

    /// <inheritdoc/>
    public IDoorbellBoard? DoorbellsOf(GuestMemory memory)
    {
        lock (_lock)
            return _device.Check(KvmCapability.IoEventAnyLength) == 0 ? null : _guests[memory].Doorbells;
    }

    /// <inheritdoc/>
    public void Dispose() => _device.Dispose();

    private static KvmIrqchip ChooseIrqchip(KvmDevice device, KvmIrqchip? wanted)
    {
        ReadOnlySpan<KvmCapability> needed = wanted switch
        {
            KvmIrqchip.User => [],
            KvmIrqchip.Kernel => [KvmCapability.Irqchip, KvmCapability.IrqRouting, KvmCapability.X2ApicApi],
            _ => [KvmCapability.SplitIrqchip, KvmCapability.X2ApicApi],
        };
        foreach (var capability in needed)
        {
            if (device.Check(capability) != 0)
                continue;
            return wanted is null ? KvmIrqchip.User
                : throw new KvmException($"The kernel's KVM lacks {capability}, without which it cannot have the interrupt controllers. Choose irqchip=user.");
        }
        return wanted ?? KvmIrqchip.Split;
    }

    private static void Require(KvmDevice device)
    {
        ReadOnlySpan<KvmCapability> needed = [KvmCapability.ImmediateExit, KvmCapability.UserSpaceMsr, KvmCapability.MsrFilter,
            KvmCapability.ReadOnlyMemory, KvmCapability.SpecialRegisters2, KvmCapability.Xsave2, KvmCapability.DisableQuirks2,
            KvmCapability.EnforceParavirtualCpuid, KvmCapability.ManualDirtyLog];
        foreach (var capability in needed)
        {
            if (device.Check(capability) == 0)
                throw new KvmException($"The kernel's KVM lacks {capability}. The engine needs Linux 5.18 or later.");
        }
    }

    /// <summary>Makes a vCPU that never runs, to see what only one can tell.</summary>
    /// <returns>The rate that guests' time-stamp counters must have in Hz; null where it can be chosen.</returns>
    private static ulong? ExamineVcpu(KvmDevice device)
    {
        using var vm = device.CreateVm();
        using var vcpu = vm.CreateVcpu(0);
        if (!vcpu.HasTscOffset)
            throw new KvmException("The kernel's KVM does not let a guest's time-stamp counter be set. The engine needs Linux 5.18 or later.");
        return vm.Check(KvmCapability.TscControl) != 0 ? null : (ulong)vcpu.TscKilohertz * 1000;
    }

    /// <summary>A vCPU is gone; a VM lives as long as it has some.</summary>
    private void Release(KvmGuest guest)
    {
        lock (_lock)
        {
            if (--guest.Users != 0)
                return;
            _guests.Remove(guest.Memory);
            guest.Dispose();
        }
    }
}
