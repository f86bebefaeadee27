using Ringmaster.Host.Kvm;

namespace Ringmaster.Cpu.Kvm.Execution;

/// <content>The time-stamp counter, which is the processor's with an offset.</content>
internal sealed unsafe partial class KvmVirtualCpu
{
    private const uint TimeStampMsr = 0x10;
    private const int CheckInterval = 1000;

    /// <summary>What the guest's counter is ahead of the VM's, but for how far the clocks behind both have drifted apart.</summary>
    private ulong _ownOffset;

    /// <summary>The processor's distance that the kernel has been told, together with <see cref="_ownOffset"/>.</summary>
    private ulong _distance;
    private long? _epoch;
    private ulong _drift;
    private long _nextCheck;

    /// <inheritdoc/>
    public ulong TscOffset => unchecked(Volatile.Read(ref _ownOffset) + Volatile.Read(ref _drift));

    private void SetTscRate()
    {
        const int toleratedPartsPerMillion = 250;
        var wanted = (int)(_tsc.Frequency / 1000);
        var present = _vcpu.TscKilohertz;
        if (wanted == present)
            return;
        if (_guest.HasTscControl)
            _vcpu.TscKilohertz = wanted;
        else if (Math.Abs((long)wanted - present) * 1_000_000 > (long)present * toleratedPartsPerMillion)
            throw new KvmException($"The host's processor cannot give a guest a time-stamp counter of {wanted} kHz, only one of {present} kHz.");
    }

    /// <summary>Sees to it that the counter follows the VM's, before the guest is entered.</summary>
    private void FollowClock()
    {
        var epoch = _tsc.Epoch;
        if (_epoch != epoch)
        {
            TakeOwnOffset();
            _distance = _guest.Timeline.DistanceIn(epoch, _tsc, Processor);
            _vcpu.TscOffset = unchecked(_distance + _ownOffset);
            FollowGuestClock(epoch);
            _epoch = epoch;
            Volatile.Write(ref _drift, 0);
            _nextCheck = Environment.TickCount64 + CheckInterval;
        }
        else if (Environment.TickCount64 >= _nextCheck)
        {
            _nextCheck = Environment.TickCount64 + CheckInterval;
            TakeOwnOffset();
            Volatile.Write(ref _drift, unchecked(Processor() + _distance - _tsc.Now));
        }
    }

    /// <summary>The vCPU stops, perhaps for longer.</summary>
    private void NoteClock()
    {
        if (_epoch is null)
            return;
        TakeOwnOffset();
        _guest.Timeline.StoodStillAt(unchecked(Processor() + _distance));
        _guestClock?.StandStill();
    }

    /// <summary>The guest may have written its counter.</summary>
    private void TakeOwnOffset()
    {
        if (_epoch is not null)
            Volatile.Write(ref _ownOffset, unchecked(_vcpu.TscOffset - _distance));
    }

    /// <summary>The processor's counter at the guest's rate.</summary>
    private ulong Processor()
    {
        Span<KvmMsr> counter = [new KvmMsr { Index = TimeStampMsr }];
        if (_vcpu.GetMsrs(counter) != 1)
            throw new KvmException("The kernel does not tell the guest's time-stamp counter.");
        return unchecked(counter[0].Value - _vcpu.TscOffset);
    }
}
