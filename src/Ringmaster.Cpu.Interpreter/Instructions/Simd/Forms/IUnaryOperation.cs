using System.Runtime.Intrinsics;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Forms;

/// <summary>What an instruction with one vector source does to 128 bits.</summary>
internal interface IUnaryOperation
{
    /// <summary>How far the immediate moves down for the upper lane of a 256-bit form.</summary>
    static virtual int UpperLaneShift => 0;

    /// <summary>Computes one lane.</summary>
    static abstract Vector128<byte> Apply(Vector128<byte> source, byte immediate);
}
