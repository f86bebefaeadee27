using System.Security.Cryptography;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>The time-stamp counter (SDM 3B 17.17).</summary>
internal unsafe partial class Vcpu
{
    /// <summary>What RDRAND and RDSEED return.</summary>
    internal virtual void FillRandomly(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);

    /// <summary>The counter as the guest sees it.</summary>
    internal ulong TimeStamp => Tsc.Now + Msr.TscOffset;

    /// <summary>CR4.TSD keeps the counter from all but level 0.</summary>
    internal bool MayReadTimeStamp => (Cr4 & Cr4Bits.TimeStampDisable) == 0 || Cpl == 0;

    private void WriteTimeStamp(ulong value)
    {
        var change = value - TimeStamp;
        Msr.TscOffset += change;
        Msr.TscAdjust += change;
    }

    private void WriteTimeStampAdjust(ulong value)
    {
        Msr.TscOffset += value - Msr.TscAdjust;
        Msr.TscAdjust = value;
    }
}
