namespace Ringmaster.Machine.Assembly;

/// <summary>
/// What devices ask of the machine in the middle of a port access, to be carried out when the vCPU's exit is complete. All of
/// it happens with the machine's lock held.
/// </summary>
/// <param name="wake">Called after each request, to make the machine look.</param>
internal sealed class MachineRequests(Action wake)
{
    /// <summary>The outcome with which the run is to end, if any.</summary>
    public RunOutcome? Outcome { get; private set; }

    /// <summary>What broke outside the vCPU's own thread, if anything did.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>The machine is to be reset.</summary>
    public bool Reset { get; private set; }

    /// <summary>Whether there is nothing to do but to go on.</summary>
    public bool IsEmpty => Outcome is null && Failure is null && !Reset;

    /// <summary>Ends the run. The first request wins.</summary>
    public void End(RunOutcome outcome)
    {
        Outcome ??= outcome;
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

    /// <summary>The reset has been carried out.</summary>
    public void ResetDone() => Reset = false;
}
