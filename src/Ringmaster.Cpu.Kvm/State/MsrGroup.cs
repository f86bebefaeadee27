namespace Ringmaster.Cpu.Kvm.State;

/// <summary>What a CPU model must have for a register to exist.</summary>
internal enum MsrGroup
{
    Always,
    TscAdjust,
    SpecControl,
    MiscEnable,
    Xss,
    Syscall,
    LongMode,
    TscAux,
    Pat,
    Mtrr,
}
