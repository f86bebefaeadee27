namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Float;

/// <summary>Which operands of a fused multiply-add are its factors and its addend.</summary>
internal interface IFusedOrder
{
    /// <summary>Arranges operands 1, 2 and 3 as first factor, second factor and addend.</summary>
    static abstract (T Left, T Right, T Addend) Arrange<T>(T first, T second, T third);
}
