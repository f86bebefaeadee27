namespace Ringmaster.Cpu.Interpreter.Instructions.Bits;

/// <summary>The families of scalar bit instructions: BMI, ADX, counts, CRC32, MOVBE, random numbers, direct stores.</summary>
internal static class BitFamilies
{
    public static void Register(HandlerTable table)
    {
        BitCounts.Register(table);
        BitFields.Register(table);
        FlaglessArithmetic.Register(table);
        CarryChains.Register(table);
        ByteSwappingMoves.Register(table);
        CyclicRedundancy.Register(table);
        RandomNumbers.Register(table);
        DirectStores.Register(table);
        LineClearing.Register(table);
    }
}
