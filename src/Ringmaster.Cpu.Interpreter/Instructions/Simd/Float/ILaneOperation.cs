using System.Runtime.Intrinsics;
using Ringmaster.Cpu.Interpreter.FloatingPoint;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Float;

/// <summary>What a packed floating-point instruction does to 128 bits; operations on one vector ignore the first source.</summary>
internal interface ILaneOperation
{
    /// <summary>Computes one lane, collecting exceptions; where there are later steps, the first of them.</summary>
    static abstract Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate, ref FloatContext context);

    /// <summary>How many more times all lanes round. An unmasked exception in any of them ends the operation between two steps.</summary>
    static virtual int LaterSteps => 0;

    /// <summary>Takes one lane a step further.</summary>
    /// <param name="step">1 for the first of the later steps.</param>
    /// <param name="lane">What the step before has made of it.</param>
    /// <param name="immediate">The immediate.</param>
    /// <param name="context">Collects exceptions.</param>
    static virtual Vector128<byte> ApplyLater(int step, Vector128<byte> lane, byte immediate, ref FloatContext context) => lane;
}
