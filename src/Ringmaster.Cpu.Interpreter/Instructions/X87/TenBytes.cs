using System.Runtime.InteropServices;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.X87;

/// <summary>The ten-byte memory operands: 80-bit floating point and packed decimal.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly struct TenBytes
{
    /// <summary>The lower eight bytes.</summary>
    public readonly ulong Low;

    /// <summary>The upper two.</summary>
    public readonly ushort High;

    public TenBytes(ulong low, ushort high) => (Low, High) = (low, high);

    /// <summary>What FBSTP stores for an invalid operand (SDM 1 table 4-4).</summary>
    public static TenBytes DecimalIndefinite => new(0xC000_0000_0000_0000, 0xFFFF);

    /// <summary>Loads the operand.</summary>
    public static unsafe bool Read(Vcpu cpu, Op* op, out ulong low, out ushort high)
    {
        var loaded = cpu.Read(op, out TenBytes bytes);
        (low, high) = (bytes.Low, bytes.High);
        return loaded;
    }

    /// <summary>Stores the operand.</summary>
    public static unsafe bool Write(Vcpu cpu, Op* op, ulong low, ushort high) => cpu.Write(op, new TenBytes(low, high));
}
