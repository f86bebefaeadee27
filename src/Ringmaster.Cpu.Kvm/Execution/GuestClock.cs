using Ringmaster.Host.Kvm;

namespace Ringmaster.Cpu.Kvm.Execution;

/// <summary>
/// The clock behind the kernel's interfaces for guests (kvmclock, Hyper-V's reference time), which is the VM's: it stands still while the
/// VM does, though the kernel's own runs on. It needs no place in a saved state, for the VM clock has one.
/// </summary>
internal sealed class GuestClock(KvmVm vm)
{
    private const ulong NanosecondsPerSecond = 1_000_000_000;

    private readonly Lock _lock = new();
    private long? _epoch;
    private ulong _latest;

    /// <summary>A vCPU is about to enter the guest. The first one of an epoch sets the clock, before the others go on.</summary>
    /// <param name="counter">The VM's time-stamp counter, which follows the VM clock.</param>
    /// <param name="epoch">The counter's epoch.</param>
    public void Follow(ITimestampCounter counter, long epoch)
    {
        lock (_lock)
        {
            if (_epoch == epoch)
                return;
            var now = (ulong)((UInt128)counter.Now * NanosecondsPerSecond / counter.Frequency);
            // The clocks behind both may drift apart; the guest's must not go back.
            vm.Clock = Math.Max(now, _latest);
            _epoch = epoch;
        }
    }

    /// <summary>A vCPU is about to stand still.</summary>
    public void StandStill()
    {
        lock (_lock)
            _latest = vm.Clock;
    }
}
