using Ringmaster.Host.Kvm;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Kvm.Execution;

/// <summary>
/// The kernel's logs of what its vCPUs, and it itself for them, have stored to RAM: one for each slot. The kernel watches a page again
/// only when it is told to (KVM_CLEAR_DIRTY_LOG), which takes its lock for less long than clearing all at once.
/// </summary>
/// <param name="vm">The VM.</param>
/// <param name="memory">The guest's memory, whose RAM ranges are the slots from 0 on.</param>
/// <param name="fill">Has the kernel take on a slot with its flags.</param>
internal sealed class GuestDirtyLog(KvmVm vm, GuestMemory memory, Action<int, bool> fill) : IDirtySource
{
    private const ulong ProtectsManually = 1;

    /// <summary>Switches on what clears logs page by page. Before the first slot has a log.</summary>
    public void Prepare() => vm.Enable(KvmCapability.ManualDirtyLog, ProtectsManually);

    /// <inheritdoc/>
    public void Start() => SetLogged(true);

    /// <inheritdoc/>
    public void Collect(DirtyPages pages)
    {
        for (var slot = 0; slot < memory.Ranges.Count; slot++)
        {
            var all = pages.BitsOf(slot);
            var bits = new ulong[all.Length];
            vm.GetDirtyLog(slot, bits);
            vm.ClearDirtyLog(slot, bits, memory.Ranges[slot].Length / GuestPhysicalAddress.PageSize);
            for (var i = 0; i < bits.Length; i++)
                all[i] |= bits[i];
        }
    }

    /// <inheritdoc/>
    public void Stop() => SetLogged(false);

    private void SetLogged(bool isLogged)
    {
        for (var slot = 0; slot < memory.Ranges.Count; slot++)
            fill(slot, isLogged);
    }
}
