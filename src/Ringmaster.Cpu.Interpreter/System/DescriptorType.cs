namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Types of system descriptors (SDM 3A table 3-2).</summary>
internal static class DescriptorType
{
    public const int Tss16 = 1, Ldt = 2, BusyTss16 = 3, CallGate16 = 4, TaskGate = 5, InterruptGate16 = 6, TrapGate16 = 7,
        Tss = 9, BusyTss = 0xB, CallGate = 0xC, InterruptGate = 0xE, TrapGate = 0xF;
}
