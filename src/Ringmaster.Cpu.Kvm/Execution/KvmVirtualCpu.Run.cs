using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.State;
using Ringmaster.Host;
using Ringmaster.Host.Kvm;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Kvm.Execution;

/// <content>Entering the guest, and what its exits mean.</content>
internal sealed unsafe partial class KvmVirtualCpu
{
    private ActivityState _activity;

    /// <inheritdoc/>
    public string? Failure { get; private set; }

    /// <inheritdoc/>
    public VmExit Run(ExitAnswer answer)
    {
        if (Take(answer) is { } more)
            return more;
        while (true)
        {
            if (_activity != ActivityState.Running && !_mustComplete)
            {
                if (_kicks.Take())
                    return new VmExit(VmExitKind.Kicked);
                if (!TryWake())
                {
                    return WantsInterruptWindow && CanTakeInterrupt ? new VmExit(VmExitKind.InterruptWindow)
                        : new VmExit(_activity == ActivityState.Shutdown ? VmExitKind.Shutdown : VmExitKind.Halt);
                }
            }
            GiveNmi();
            FollowClock();
            _area->RequestInterruptWindow = WantsInterruptWindow ? (byte)1 : (byte)0;
            if (Enter(returnsAtOnce: false))
            {
                if (Examine() is { } exit)
                    return exit;
            }
            else if (_kicks.Take())
            {
                return new VmExit(VmExitKind.Kicked);
            }
        }
    }

    /// <inheritdoc/>
    public VmExit? Settle(ExitAnswer answer)
    {
        if (Take(answer) is { } more)
            return more;
        while (_mustComplete)
        {
            _area->RequestInterruptWindow = 0;
            if (Enter(returnsAtOnce: true) && Examine() is { } exit)
                return exit;
        }
        NoteClock();
        return null;
    }

    /// <summary>Goes to the kernel, which finishes the instruction that waits for an answer, and then enters the guest.</summary>
    /// <param name="returnsAtOnce">It is not to enter the guest.</param>
    /// <returns>Whether the area has an exit.</returns>
    private bool Enter(bool returnsAtOnce)
    {
        _kicks.Enter(returnsAtOnce);
        bool hasExit;
        try
        {
            hasExit = _vcpu.Run();
        }
        catch (LinuxException error)
        {
            throw new KvmException($"The kernel cannot run vCPU {Index}: {error.Message}.", error);
        }
        finally
        {
            _kicks.Leave();
        }
        // A new exit of the same instruction waits for an answer again.
        _mustComplete = false;
        _canTakeInterrupt = _area->ReadyForInterrupt != 0 && _area->InterruptFlag != 0;
        if (!hasExit)
            _counts.CountSignal();
        return hasExit;
    }

    /// <summary>Finds out what an exit means.</summary>
    /// <returns>The exit to report, or null to go on.</returns>
    private VmExit? Examine()
    {
        _counts.Count(_area->ExitReason);
        switch (_area->ExitReason)
        {
            case KvmExitReason.Io:
                return BeginPortAccess();
            case KvmExitReason.Mmio:
                return BeginMemoryAccess();
            case KvmExitReason.ReadMsr or KvmExitReason.WriteMsr:
                return BeginMsrAccess();
            case KvmExitReason.Halt:
                _activity = ActivityState.Halted;
                return null;
            case KvmExitReason.Shutdown:
                _activity = ActivityState.Shutdown;
                return null;
            case KvmExitReason.InterruptWindow:
                return WantsInterruptWindow ? new VmExit(VmExitKind.InterruptWindow) : null;
            case KvmExitReason.IoApicEoi:
                return VmExit.EndOfInterrupt(_area->EndedVector);
            case KvmExitReason.SetTpr:
                return TaskPriority < TaskPriorityThreshold ? VmExit.TaskPriority(TaskPriority) : null;
            case KvmExitReason.Debug:
                return new VmExit(VmExitKind.Debug);
            case KvmExitReason.Interrupted or KvmExitReason.HyperV:
                return null;
            default:
                Failure = ExitFailure.Describe(*_area, _vcpu.Registers.Rip);
                _activity = ActivityState.Shutdown;
                return null;
        }
    }
}
