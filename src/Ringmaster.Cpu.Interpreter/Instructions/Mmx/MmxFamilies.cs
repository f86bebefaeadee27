namespace Ringmaster.Cpu.Interpreter.Instructions.Mmx;

/// <summary>The families of MMX instructions, with those that SSE, SSE2 and SSSE3 added on MMX registers.</summary>
internal static class MmxFamilies
{
    public static void Register(HandlerTable table)
    {
        MmxBinaryInstructions.Register(table);
        MmxMoveInstructions.Register(table);
    }
}
