using System.Runtime.InteropServices;
using Ringmaster.Cpu.State;
using Ringmaster.Memory;

namespace Ringmaster.Fuzz.Tests.Engine;

/// <summary>
/// Whether a guest has changed its page tables: then old translations may be used or not until they are flushed (SDM 3A
/// 4.10.2.1), and two runs may differ.
/// </summary>
internal sealed class TableWatch(GuestMemory memory)
{
    private const ulong Paging = 1UL << 31;
    private const uint AccessedAndDirty = 0x60;

    private readonly uint[] _before = new uint[(Layout.TablesEnd - Layout.Tables) / sizeof(uint)];

    private ReadOnlySpan<uint> Tables =>
        MemoryMarshal.Cast<byte, uint>(memory.Window(new GuestPhysicalAddress(Layout.Tables), _before.Length * sizeof(uint)));

    /// <summary>The guest is about to start.</summary>
    public void Begin() => Tables.CopyTo(_before);

    /// <summary>Whether it has changed them since.</summary>
    public bool HaveChanged(CpuState state)
    {
        if ((state.Cr0 & Paging) == 0)
            return false;
        var present = Tables;
        for (var i = 0; i < present.Length; i++)
        {
            if (((present[i] ^ _before[i]) & ~AccessedAndDirty) != 0)
                return true;
        }
        return false;
    }
}
