using Ringmaster.Cpu.Interpreter.Instructions.Simd.Control;
using Ringmaster.Cpu.Interpreter.Instructions.Simd.Crypto;
using Ringmaster.Cpu.Interpreter.Instructions.Simd.Float;
using Ringmaster.Cpu.Interpreter.Instructions.Simd.Integer;
using Ringmaster.Cpu.Interpreter.Instructions.Simd.Masked;
using Ringmaster.Cpu.Interpreter.Instructions.Simd.Moves;
using Ringmaster.Cpu.Interpreter.Instructions.Simd.Shuffles;
using Ringmaster.Cpu.Interpreter.Instructions.Simd.Strings;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd;

/// <summary>The families of vector instructions.</summary>
internal static class SimdFamilies
{
    public static void Register(HandlerTable table)
    {
        WholeMoves.Register(table);
        ScalarMoves.Register(table);
        HalfMoves.Register(table);
        ElementMoves.Register(table);
        Extensions.Register(table);
        Broadcasts.Register(table);
        SignMasks.Register(table);
        Logic.Register(table);
        BitTests.Register(table);
        IntegerArithmetic.Register(table);
        IntegerMultiplication.Register(table);
        HorizontalArithmetic.Register(table);
        ShiftInstructions.Register(table);
        Unpacking.Register(table);
        Permuting.Register(table);
        Blending.Register(table);
        LaneCrossing.Register(table);
        FloatArithmetic.Register(table);
        FloatComparisons.Register(table);
        FlagComparisons.Register(table);
        Approximations.Register(table);
        ScalarConversions.Register(table);
        ConversionInstructions.Register(table);
        MmxConversions.Register(table);
        FusedInstructions.Register(table);
        MaskedMoves.Register(table);
        Gathers.Register(table);
        BitFieldMoves.Register(table);
        StringInstructions.Register(table);
        AesInstructions.Register(table);
        FieldInstructions.Register(table);
        ShaInstructions.Register(table);
        ControlInstructions.Register(table);
    }
}
