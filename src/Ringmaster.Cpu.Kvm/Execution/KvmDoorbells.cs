using Ringmaster.Cpu.Doorbells;
using Ringmaster.Host.Kvm;
using Ringmaster.Host.Waiting;

namespace Ringmaster.Cpu.Kvm.Execution;

/// <summary>A guest's doorbells, which the kernel rings (api.rst, KVM_IOEVENTFD).</summary>
/// <param name="vm">The VM.</param>
internal sealed class KvmDoorbells(KvmVm vm) : IDoorbellBoard
{
    private readonly Lock _lock = new();
    private bool _isClosed;

    /// <inheritdoc/>
    public bool TryAdd(in Doorbell doorbell, Alarm bell)
    {
        lock (_lock)
            return !_isClosed && vm.TryRing(Place(doorbell), bell, add: true);
    }

    /// <inheritdoc/>
    public void Remove(in Doorbell doorbell, Alarm bell)
    {
        lock (_lock)
        {
            if (!_isClosed)
                vm.TryRing(Place(doorbell), bell, add: false);
        }
    }

    /// <summary>The VM will be gone, and its doorbells with it.</summary>
    public void Close()
    {
        lock (_lock)
            _isClosed = true;
    }

    private static KvmDoorbell Place(in Doorbell doorbell) => new(doorbell.Address, doorbell.IsPort, doorbell.Length, doorbell.Value);
}
