namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Float;

/// <summary>Which parts of a fused multiply-add change their sign.</summary>
internal interface IFusedSigns
{
    /// <summary>The product does (VFNM...).</summary>
    static abstract bool NegatesProduct { get; }

    /// <summary>The addend of an element does.</summary>
    static abstract bool NegatesAddend(int element);
}
