using Ringmaster.Cpu.State;

namespace Ringmaster.Conformance.Tests.Qemu.Machine;

/// <summary>A model-specific register that no control block holds, so that the loader reads and writes it.</summary>
/// <param name="Index">Its number.</param>
/// <param name="Get">Its value in a state.</param>
/// <param name="Set">Changes it.</param>
internal sealed record ModelSpecific(uint Index, Func<CpuState, ulong> Get, Action<CpuState, ulong> Set)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<ModelSpecific> All { get; } =
    [
        new(0x277, s => s.Msr.Pat, (s, v) => s.Msr.Pat = v),
        new(0xC000_0103, s => s.Msr.TscAux, (s, v) => s.Msr.TscAux = v),
        new(0x2FF, s => s.Msr.MtrrDefaultType, (s, v) => s.Msr.MtrrDefaultType = v),
        .. Enumerable.Range(0, 16).Select(i =>
            new ModelSpecific(0x200 + (uint)i, s => s.Msr.MtrrVariable[i], (s, v) => s.Msr.MtrrVariable[i] = v)),
        .. new uint[] { 0x250, 0x258, 0x259, 0x268, 0x269, 0x26A, 0x26B, 0x26C, 0x26D, 0x26E, 0x26F }.Select((index, i) =>
            new ModelSpecific(index, s => s.Msr.MtrrFixed[i], (s, v) => s.Msr.MtrrFixed[i] = v)),
    ];
}
