namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Waiting in a loop for another vCPU, which may itself wait for the host processor that the loop keeps busy.</summary>
internal unsafe partial class Vcpu
{
    private const int PausesInARow = 256;
    private int _pauses;

    /// <summary>A PAUSE: after some of them the host's other threads get their turn, if a vCPU may be among them.</summary>
    internal void Spin()
    {
        if (++_pauses < PausesInARow)
            return;
        _pauses = 0;
        if (_memory.Watch.HasSeveralWatchers)
            Thread.Yield();
    }
}
