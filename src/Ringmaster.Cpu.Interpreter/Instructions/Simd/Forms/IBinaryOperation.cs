using System.Runtime.Intrinsics;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Forms;

/// <summary>
/// What an instruction with two vector sources does to 128 bits. Nearly all 256-bit forms are two such lanes side by side.
/// </summary>
internal interface IBinaryOperation
{
    /// <summary>How far the immediate moves down for the upper lane of a 256-bit form.</summary>
    static virtual int UpperLaneShift => 0;

    /// <summary>Computes one lane.</summary>
    /// <param name="left">The first source, which legacy forms overwrite.</param>
    /// <param name="right">The second source: a register or memory.</param>
    /// <param name="immediate">The immediate byte, if the instruction has one.</param>
    static abstract Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate);
}
