using Ringmaster.Cpu.State;

namespace Ringmaster.Firmware.Boot;

/// <summary>The states in which boot protocols start the bootstrap processor. Interrupts are off in all of them.</summary>
internal static class BootProcessor
{
    public const int Rax = 0, Rbx = 3, Rsp = 4, Rsi = 6;

    private const ulong ProtectionEnable = 1, ExtensionType = 1 << 4, Paging = 1ul << 31;
    private const ulong PhysicalAddressExtension = 1 << 5;
    private const ulong LongModeEnable = 1 << 8, LongModeActive = 1 << 10;

    /// <summary>MTRRs on, write-back everywhere. Firmware would do this; with MTRRs off, memory is uncacheable and Linux gives up on PAT.</summary>
    private const ulong MtrrsOnWriteBack = 0x806;

    /// <summary>Real mode at a segment and offset, all data segments alike.</summary>
    public static CpuState RealMode(ushort codeSegment, ushort offset, ushort dataSegment, ushort stackPointer)
    {
        var state = Start();
        state.Cr0 = ExtensionType;
        state.Cs = Segment.RealModeCode(codeSegment);
        state.Ds = state.Es = state.Fs = state.Gs = state.Ss = Segment.RealModeData(dataSegment);
        state.Idtr = new DescriptorTable(0, 0x3FF);
        state.Rip = offset;
        state.Registers[Rsp] = stackPointer;
        return state;
    }

    /// <summary>Flat 32-bit protected mode without paging.</summary>
    public static CpuState Protected32(BootPlacement placement, uint entry)
    {
        var state = Start();
        state.Cr0 = ExtensionType | ProtectionEnable;
        EnterFlat(state, placement, entry, is64Bit: false);
        return state;
    }

    /// <summary>64-bit mode with the first 4 GiB mapped one to one.</summary>
    public static CpuState Long64(BootPlacement placement, ulong entry)
    {
        var state = Start();
        state.Cr0 = ExtensionType | ProtectionEnable | Paging;
        state.Cr3 = IdentityPageTables.Put(placement);
        state.Cr4 = PhysicalAddressExtension;
        state.Msr.Efer = LongModeEnable | LongModeActive;
        EnterFlat(state, placement, entry, is64Bit: true);
        return state;
    }

    private static CpuState Start()
    {
        var state = CpuState.PowerUp(0);
        state.Msr.MtrrDefaultType = MtrrsOnWriteBack;
        return state;
    }

    private static void EnterFlat(CpuState state, BootPlacement placement, ulong entry, bool is64Bit)
    {
        var table = FlatSegments.Table(is64Bit);
        state.Gdtr = new DescriptorTable(placement.PutLow("GDT", table), (ushort)(table.Length - 1));
        // Nothing may interrupt before the kernel has its own table: an event becomes a shutdown, not a jump to nowhere.
        state.Idtr = new DescriptorTable(0, 0);
        state.Cs = FlatSegments.CodeSegment(is64Bit);
        state.Ds = state.Es = state.Fs = state.Gs = state.Ss = FlatSegments.DataSegment();
        state.Tr = new Segment(0, 0, 0x67, new SegmentAttributes(0x8B));
        state.Rip = entry;
    }
}
