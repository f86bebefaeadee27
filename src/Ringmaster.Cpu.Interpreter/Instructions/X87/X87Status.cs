namespace Ringmaster.Cpu.Interpreter.Instructions.X87;

/// <summary>Bits of FSW, the x87 status word (SDM 1 8.1.3), beyond the six exception flags.</summary>
internal static class X87Status
{
    public const ushort StackFault = 1 << 6, ErrorSummary = 1 << 7, C0 = 1 << 8, C1 = 1 << 9, C2 = 1 << 10, C3 = 1 << 14,
        Busy = 1 << 15, Conditions = C0 | C1 | C2 | C3, Top = 7 << 11, Exceptions = 0x3F;

    /// <summary>Where TOP begins.</summary>
    public const int TopShift = 11;
}
