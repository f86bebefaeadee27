using Ringmaster.Cpu.Interrupts;
using Ringmaster.Cpu.Kvm.State;
using Ringmaster.Host.Kvm;

namespace Ringmaster.Cpu.Kvm.Execution;

/// <summary>The way to a guest's local APICs in the kernel, with the I/O APIC outside (api.rst, KVM_CAP_SPLIT_IRQCHIP).</summary>
/// <remarks>
/// The kernel's interrupt table tells it by its first inputs, which stand for the I/O APIC's, whose ends it has to report.
/// </remarks>
internal sealed class KvmFabric : IInterruptFabric
{
    /// <summary>Inputs of the interrupt table that stand for those of I/O APICs.</summary>
    public const int LevelInputs = 24;

    // Messages to FFh keep going to all, in x2APIC mode too, as from I/O APICs and devices they do outside.
    private const ulong WideIdentifiers = 1;

    private readonly KvmVm _vm;
    private readonly Lock _lock = new();
    private readonly KvmRoute?[] _levels = new KvmRoute?[LevelInputs];
    private readonly KvmControllers? _controllers;
    private bool _isClosed;

    /// <summary>Puts the local APICs into the kernel, and perhaps the other controllers. The VM has no vCPU yet.</summary>
    /// <exception cref="Host.LinuxException">The kernel refused.</exception>
    public KvmFabric(KvmVm vm, KvmIrqchip irqchip)
    {
        _vm = vm;
        if (irqchip == KvmIrqchip.Kernel)
            _controllers = new KvmControllers(vm);
        else
            vm.Enable(KvmCapability.SplitIrqchip, LevelInputs);
        vm.Enable(KvmCapability.X2ApicApi, WideIdentifiers);
    }

    /// <inheritdoc/>
    public IVirtualControllers? Controllers => _controllers;

    /// <inheritdoc/>
    public bool Send(in InterruptMessage message)
    {
        lock (_lock)
            return !_isClosed && _vm.Send(message.ToKvm());
    }

    /// <inheritdoc/>
    public void SetLevels(IReadOnlyList<InterruptMessage?> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(messages.Count, LevelInputs, nameof(messages));
        lock (_lock)
        {
            var changed = false;
            for (var i = 0; i < messages.Count; i++)
            {
                KvmRoute? route = messages[i] is { } message ? new KvmRoute(i, message.ToKvm()) : null;
                changed |= route != _levels[i];
                _levels[i] = route;
            }
            // A new table costs the kernel a pause of all its readers.
            if (changed && !_isClosed)
                _vm.SetRoutes([.. _levels.OfType<KvmRoute>()]);
        }
    }

    /// <summary>The VM will be gone; messages go nowhere from now on.</summary>
    public void Close()
    {
        _controllers?.Close();
        lock (_lock)
            _isClosed = true;
    }
}
