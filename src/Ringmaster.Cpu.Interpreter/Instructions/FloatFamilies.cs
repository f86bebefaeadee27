using Ringmaster.Cpu.Interpreter.Instructions.Mmx;
using Ringmaster.Cpu.Interpreter.Instructions.StateSaving;
using Ringmaster.Cpu.Interpreter.Instructions.X87;

namespace Ringmaster.Cpu.Interpreter.Instructions;

/// <summary>The families of x87, MMX and state-saving instructions.</summary>
internal static class FloatFamilies
{
    public static void Register(HandlerTable table)
    {
        X87Families.Register(table);
        MmxFamilies.Register(table);
        StateSavingFamilies.Register(table);
    }
}
