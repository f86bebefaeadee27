using Ringmaster.Cpu.Exits;

namespace Ringmaster.Machine.Running;

/// <summary>Counts VM exits and interrupts. Written by one vCPU thread, read by anyone.</summary>
internal sealed class ExitCounters
{
    private static readonly VmExitKind[] s_kinds = Enum.GetValues<VmExitKind>();
    private readonly long[] _exits = new long[s_kinds.Length];
    private long _interrupts;

    /// <summary>Interrupts delivered.</summary>
    public long Interrupts => Volatile.Read(ref _interrupts);

    public void Count(VmExitKind kind) => Volatile.Write(ref _exits[(int)kind], _exits[(int)kind] + 1);

    public void CountInterrupt() => Volatile.Write(ref _interrupts, _interrupts + 1);

    /// <summary>Exits by kind, as far as there were any.</summary>
    public IReadOnlyDictionary<string, long> Exits => s_kinds.Where(kind => Of(kind) > 0).ToDictionary(ExitNames.Of, Of);

    private long Of(VmExitKind kind) => Volatile.Read(ref _exits[(int)kind]);
}
