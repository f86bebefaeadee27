using System.Runtime.Intrinsics;
using Ringmaster.Cpu.Interpreter.FloatingPoint;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Float;

/// <summary>What a packed floating-point instruction does to 128 bits; operations on one vector ignore the first source.</summary>
internal interface ILaneOperation
{
    /// <summary>Computes one lane, collecting exceptions.</summary>
    static abstract Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate, ref FloatContext context);
}
