using Ringmaster.Cpu;

namespace Ringmaster.Machine.Assembly;

/// <summary>
/// What devices and vCPUs ask of the machine in the middle of something, to be carried out when all vCPUs stand still. All of it
/// happens with the machine's lock held.
/// </summary>
/// <param name="wake">Called after each request, to make the machine look.</param>
internal sealed class MachineRequests(Action wake)
{
    /// <summary>The outcome with which the run is to end, if any.</summary>
    public RunOutcome? Outcome { get; private set; }

    /// <summary>The vCPU that a triple fault has stopped, if one has before the guest decided on another end.</summary>
    public VcpuIndex? Crashed { get; private set; }

    /// <summary>What broke in the host or in Ringmaster itself, if anything did.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>The machine is to be reset.</summary>
    public bool Reset { get; private set; }

    /// <summary>What is to be done while all vCPUs stand still, in order.</summary>
    public Queue<Action> Changes { get; } = [];

    /// <summary>Whether a change has moved memory, so that vCPUs must forget what they know of addresses.</summary>
    public bool MapChanged { get; set; }

    /// <summary>Whether there is nothing to do but to go on.</summary>
    public bool IsEmpty => Outcome is null && Crashed is null && Failure is null && !Reset && Changes.Count == 0;

    /// <summary>Ends the run. The first request wins.</summary>
    public void End(RunOutcome outcome)
    {
        if (Crashed is null)
            Outcome ??= outcome;
        wake();
    }

    /// <summary>Ends the run because of a triple fault. The first request wins.</summary>
    public void Crash(VcpuIndex vcpu)
    {
        if (Outcome is null)
            Crashed ??= vcpu;
        wake();
    }

    /// <summary>Ends the run because the host failed or a device has a bug.</summary>
    public void Fail(Exception failure)
    {
        Failure ??= failure;
        wake();
    }

    /// <summary>Asks for a reset.</summary>
    public void AskReset()
    {
        Reset = true;
        wake();
    }

    /// <summary>Asks for a change that is carried out while all vCPUs stand still.</summary>
    public void AskChange(Action change)
    {
        Changes.Enqueue(change);
        wake();
    }

    /// <summary>The reset has been carried out.</summary>
    public void ResetDone() => Reset = false;
}
