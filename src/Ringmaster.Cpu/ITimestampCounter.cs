namespace Ringmaster.Cpu;

/// <summary>The VM's time-stamp counter, before a vCPU's own offset. It stands still while the VM is paused.</summary>
public interface ITimestampCounter
{
    /// <summary>Ticks per second; constant.</summary>
    ulong Frequency { get; }

    /// <summary>The present count. Any thread may read it.</summary>
    ulong Now { get; }

    /// <summary>Another number whenever the counter goes on after it has stood still. Any thread may read it.</summary>
    long Epoch => 0;
}
