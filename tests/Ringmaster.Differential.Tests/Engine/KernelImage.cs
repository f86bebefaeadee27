using Ringmaster.Cpu;
using Ringmaster.Cpu.State;
using Ringmaster.Differential.Tests.Native;
using Ringmaster.Memory;

namespace Ringmaster.Differential.Tests.Engine;

/// <summary>
/// What stands in for an operating system around the sequences: page tables, descriptor tables with Linux's selectors, and
/// for each vector a handler that leaves through an OUT to the port of the same number.
/// </summary>
internal sealed class KernelImage
{
    /// <summary>Bytes of guest RAM that everything takes.</summary>
    public const ulong MemorySize = 0x10_0000;

    /// <summary>The kernel's stack pointer when a handler is entered, before the frame is pushed.</summary>
    public const ulong StackTop = Base + 0x4000;

    private const ulong Base = 0xFFFF_8000_0000_0000;
    private const ulong Gdt = Base, Idt = Base + 0x1000, Tss = Base + 0x2000, Stubs = Base + 0x4000;
    private const int KernelPages = 5;
    private const ulong Present = 1, Writable = 2, User = 4, NoExecute = 1UL << 63;
    private const ulong PageTableRoot = 0x1000;
    private const ushort KernelCode = 0x10, TaskSelector = 0x40;

    // Access rights as they stand in descriptors (SDM 3A 3.4.5).
    private static readonly SegmentAttributes s_code64 = new(0xA0FB), s_code32 = new(0xC0FB), s_data = new(0xC0F3);

    private readonly GuestMemory _memory;
    private readonly Dictionary<ulong, ulong> _physical = [];
    private ulong _nextPage = PageTableRoot + AddressSpace.PageSize;
    private ulong _nextTable = MemorySize;

    public KernelImage(GuestMemory memory)
    {
        _memory = memory;
        for (var page = 0u; page < KernelPages; page++)
            Map(Base + page * AddressSpace.PageSize, Present | Writable);
        foreach (var region in AddressSpace.Regions)
        {
            var rights = Present | User | (region.IsWritable ? Writable : 0) | (region.IsExecutable ? 0 : NoExecute);
            for (var at = region.Address; at < region.Address + (ulong)region.Length; at += AddressSpace.PageSize)
                Map(at, rights);
        }
        FillDescriptorTable();
        FillInterruptTable();
        // RSP0 (SDM 3A 7.7).
        Write(Tss + 4, StackTop);
        // An I/O permission bitmap beyond the limit: no port is allowed.
        Write(Tss + 0x66, (ushort)0x68);
    }

    /// <summary>Where a mapped linear address lies in guest RAM. Pages of one region follow each other.</summary>
    public GuestPhysicalAddress PhysicalOf(ulong linear) =>
        new(_physical[linear & ~(AddressSpace.PageSize - 1)] + (linear & (AddressSpace.PageSize - 1)));

    /// <summary>A processor in user mode as Linux runs one.</summary>
    public static CpuState CreateState()
    {
        const ulong cr0 = 0x8005_0033; // PG AM WP NE ET MP PE
        const ulong cr4 = 0x0005_0EA8 | 0x70; // OSXSAVE FSGSBASE UMIP OSXMMEXCPT OSFXSR PGE MCE PAE PSE DE
        const ulong efer = 0xD01; // NXE LMA LME SCE
        var state = new CpuState
        {
            Cr0 = cr0,
            Cr3 = PageTableRoot,
            Cr4 = cr4,
            Xcr0 = 7,
            Gdtr = new DescriptorTable(Gdt, 0x7F),
            Idtr = new DescriptorTable(Idt, 0xFFF),
            Tr = new Segment(TaskSelector, Tss, 0x67, new SegmentAttributes(0x8B)),
            Ldtr = new Segment(0, 0, 0, SegmentAttributes.Unusable),
            Msr = MsrState.Reset,
        };
        state.Msr.Efer = efer;
        return state;
    }

    /// <summary>Sets the segment registers of user code.</summary>
    public static void EnterUserMode(CpuState state, bool is32Bit)
    {
        state.Cs = is32Bit ? new Segment(0x23, 0, uint.MaxValue, s_code32) : new Segment(0x33, 0, uint.MaxValue, s_code64);
        state.Ss = state.Ds = state.Es = new Segment(0x2B, 0, uint.MaxValue, s_data);
        state.Fs = state.Gs = new Segment(0, 0, 0, SegmentAttributes.Unusable);
    }

    private void FillDescriptorTable()
    {
        Write(Gdt + KernelCode, 0x00AF_9B00_0000_FFFF);
        Write(Gdt + 0x18, 0x00CF_9300_0000_FFFF);
        Write(Gdt + 0x20, 0x00CF_FB00_0000_FFFF);
        Write(Gdt + 0x28, 0x00CF_F300_0000_FFFF);
        Write(Gdt + 0x30, 0x00AF_FB00_0000_FFFF);
        Write(Gdt + TaskSelector, (Tss & 0xFF_FFFF) << 16 | (Tss >> 24 & 0xFF) << 56 | 0x8B00_0000_0067UL);
        Write(Gdt + TaskSelector + 8, Tss >> 32);
    }

    private void FillInterruptTable()
    {
        const ulong interruptGate = 0x8E00, userGate = 0xEE00;
        for (var vector = 0u; vector < 256; vector++)
        {
            var stub = Stubs + vector * 4;
            // OUT vector, AL; HLT
            Write(stub, 0xF4_00E6 | vector << 8);
            // INT3 and INTO may come from user mode; INT n to any other vector may not.
            var type = vector is 3 or 4 ? userGate : interruptGate;
            Write(Idt + vector * 16, (stub & 0xFFFF) | (ulong)KernelCode << 16 | type << 32 | (stub >> 16 & 0xFFFF) << 48);
            Write(Idt + vector * 16 + 8, stub >> 32);
        }
    }

    private void Write<T>(ulong linear, T value) where T : unmanaged => _memory.TryWrite(PhysicalOf(linear), value);

    private void Map(ulong linear, ulong rights)
    {
        var table = PageTableRoot;
        for (var level = 3; level > 0; level--)
        {
            var entry = new GuestPhysicalAddress(table + (linear >> (12 + 9 * level) & 0x1FF) * 8);
            _memory.TryRead(entry, out ulong next);
            if (next == 0)
            {
                next = (_nextTable -= AddressSpace.PageSize) | Present | Writable | User;
                _memory.TryWrite(entry, next);
            }
            table = next & ~0xFFFUL;
        }
        // Tables are taken from the other end of RAM, so that the pages of a region follow each other.
        var page = _nextPage;
        _nextPage += AddressSpace.PageSize;
        _physical[linear] = page;
        _memory.TryWrite(new GuestPhysicalAddress(table + (linear >> 12 & 0x1FF) * 8), page | rights);
    }
}
