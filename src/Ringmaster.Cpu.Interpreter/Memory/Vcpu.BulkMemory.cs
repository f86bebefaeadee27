using Ringmaster.Cpu.Interpreter.Memory;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Runs of memory that string instructions may handle at once.</summary>
internal unsafe partial class Vcpu
{
    /// <summary>
    /// The host memory behind a linear address, as far as one page goes, if the TLB allows loads from it just now.
    /// </summary>
    /// <param name="linear">The first byte.</param>
    /// <param name="available">Bytes up to the page's end.</param>
    /// <returns>Null if the slow path must be taken.</returns>
    internal byte* ReadableRun(ulong linear, out int available)
    {
        var entry = _tlb + Tlb.IndexOf(linear);
        available = 0x1000 - (int)(linear & 0xFFF);
        return (linear & ~0xFFFUL) == entry->ReadTag ? (byte*)(linear + entry->Addend) : null;
    }

    /// <summary>As <see cref="ReadableRun"/>, for stores.</summary>
    internal byte* WritableRun(ulong linear, out int available)
    {
        var entry = _tlb + Tlb.IndexOf(linear);
        available = 0x1000 - (int)(linear & 0xFFF);
        return (linear & ~0xFFFUL) == entry->WriteTag ? (byte*)(linear + entry->Addend) : null;
    }

    /// <summary>The base that is added to offsets of a segment.</summary>
    internal ulong BaseOf(int segment) => Bases[segment];

    /// <summary>Whether a repeated string instruction makes a pause after some repetitions, so that the loop can look up.</summary>
    internal virtual bool PausesString(int repetitions)
    {
        const int slice = 4096;
        return repetitions >= slice || HasAttention;
    }

    /// <summary>The loop wants to look up, or only the present step is to be completed; long instructions make a pause at their next step.</summary>
    internal bool HasAttention => _settles || Demands != Attention.None;
}
