using Iced.Intel;
using Ringmaster.Cpu.Models;

namespace Ringmaster.Cpu.Interpreter.Tests.HarnessSimd;

/// <summary>
/// DPPS and DPPD: which NaN goes to which element of the destination depends on the implementation (SDM 2A DPPD, DPPS). The
/// interpreter chooses as AMD's processors do; on hosts of Intel any NaN will do.
/// </summary>
internal static unsafe class DotProducts
{
    private static readonly bool s_isIntel = HostCpu.ReadModel().IsIntel;

    /// <summary>Takes over the host's NaNs where the guest has one, too.</summary>
    public static void TakeHostNans(in Instruction instruction, in VectorState host, ref VectorState guest)
    {
        var size = instruction.Mnemonic switch
        {
            Mnemonic.Dpps or Mnemonic.Vdpps => 4,
            Mnemonic.Dppd or Mnemonic.Vdppd => 8,
            _ => 0,
        };
        if (!s_isIntel || size == 0)
            return;
        var first = 4 * instruction.Op0Register.GetNumber();
        for (var i = first; i < first + 4; i++)
            guest.Vectors[i] = size == 8 ? TakeDouble(host.Vectors[i], guest.Vectors[i]) : TakeSingles(host.Vectors[i], guest.Vectors[i]);
    }

    private static ulong TakeDouble(ulong host, ulong guest) =>
        double.IsNaN(BitConverter.UInt64BitsToDouble(host)) && double.IsNaN(BitConverter.UInt64BitsToDouble(guest)) ? host : guest;

    private static ulong TakeSingles(ulong host, ulong guest) =>
        TakeSingle((uint)host, (uint)guest) | (ulong)TakeSingle((uint)(host >> 32), (uint)(guest >> 32)) << 32;

    private static uint TakeSingle(uint host, uint guest) =>
        float.IsNaN(BitConverter.UInt32BitsToSingle(host)) && float.IsNaN(BitConverter.UInt32BitsToSingle(guest)) ? host : guest;
}
