namespace Ringmaster.Machine.Assembly;

/// <summary>
/// What devices ask of the machine in the middle of a port access, to be carried out when the vCPU's exit is complete.
/// </summary>
/// <param name="wake">Called after each request, to make the machine look.</param>
internal sealed class MachineRequests(Action wake)
{
    /// <summary>The outcome with which the run is to end, if any.</summary>
    public RunOutcome? Outcome { get; private set; }

    /// <summary>The machine is to be reset.</summary>
    public bool Reset { get; private set; }

    /// <summary>Ends the run. The first request wins.</summary>
    public void End(RunOutcome outcome)
    {
        Outcome ??= outcome;
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
