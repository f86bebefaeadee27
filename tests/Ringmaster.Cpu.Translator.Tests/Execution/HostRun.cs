using System.Runtime.InteropServices;
using Ringmaster.Cpu.Translator.Emission;
using Ringmaster.Cpu.Translator.Execution;
using Ringmaster.Cpu.Translator.Memory;
using Ringmaster.Cpu.Translator.Runtime;
using Ringmaster.Host;

namespace Ringmaster.Cpu.Translator.Tests.Execution;

/// <summary>A vCPU's area and the runtime's routines without a vCPU: runs generated code on the host until it leaves.</summary>
internal sealed unsafe class HostRun : IDisposable
{
    private const int CodeSize = 4 << 20, FirstCode = 0x10_0000;

    private readonly CodeMemory _memory = CodeMemory.Create(CodeSize);
    private readonly AreaMemory _areaMemory = new();

    public HostRun()
    {
        Runtime = new RuntimeCode(_memory, SegmentBase.CanSetDirectly, System.Runtime.Intrinsics.X86.Avx.IsSupported);
        File->FillCallback = &Miss;
        File->ExitCallback = &Leave;
        File->JumpMask = Translator.Execution.Area.JumpEntries - 1;
        File->DepthMask = 0xF000;
        File->TlbIndexMask = (Translator.Execution.Area.TlbEntries - 1) << 12;
        File->PageMask = ~0xFFFUL;
        File->StatusMask = AllStatus;
        ClearTlb();
    }

    /// <summary>The six arithmetic flags.</summary>
    public const ulong AllStatus = 0x8D5;

    public RuntimeCode Runtime { get; }

    public byte* Area => _areaMemory.Address;

    public TranslatorFile* File => (TranslatorFile*)(Area + Translator.Execution.Area.File);

    /// <summary>The guest's general registers.</summary>
    public Span<ulong> Registers => new(Area, 16);

    /// <summary>Where code is executed.</summary>
    public ulong Origin => (ulong)_memory.Executable + FirstCode;

    /// <summary>How often the runtime was asked because both levels of the TLB missed.</summary>
    public static int Misses => s_misses;

    [ThreadStatic]
    private static int s_misses;

    public SiteSlot* Slot(int place) => (SiteSlot*)(Area + place);

    public TranslationEntry* Entry(int mode, ulong linear) =>
        (TranslationEntry*)(Area + Translator.Execution.Area.TlbOf(mode)) + (linear >> 12 & (Translator.Execution.Area.TlbEntries - 1));

    /// <summary>Empties the second level of the TLB and all slots.</summary>
    public void ClearTlb()
    {
        for (var i = 0UL; i < Translator.Execution.Area.TlbEntries; i++)
        {
            for (var mode = 0; mode < Translator.Execution.Area.TlbModes; mode++)
                Entry(mode, i << 12)->ReadTag = Entry(mode, i << 12)->WriteTag = TranslationEntry.Invalid;
        }
        for (var i = 0; i < Translator.Execution.Area.Slots; i++)
        {
            *Slot(Translator.Execution.Area.SlotsOf(0) + i * SiteSlot.Size) = new SiteSlot
            {
                NegatedWindow = unchecked(0 - SiteSlot.NoWindow),
                WindowMask = ulong.MaxValue,
                Misses = SiteSlot.Patience,
            };
        }
        File->FilledSlots = 0;
    }

    /// <summary>Puts code at <see cref="Origin"/>.</summary>
    public void Load(ReadOnlySpan<byte> code) => code.CopyTo(new Span<byte>(_memory.Writable + FirstCode, code.Length));

    /// <summary>Assembles code at <see cref="Origin"/> that leaves by an exit with number 0.</summary>
    public void Assemble(Action<HostAssembler> emit)
    {
        var code = new HostAssembler(4096);
        code.Start(Origin);
        emit(code);
        code.Constant(HostRegister.Rcx, 0);
        code.Jump(Runtime.Exit);
        code.Finish();
        Load(code.Code);
    }

    /// <summary>Runs until an exit.</summary>
    /// <param name="entry">Where.</param>
    /// <param name="flags">The guest's arithmetic flags.</param>
    /// <returns>The flags that it leaves with.</returns>
    public ulong Run(ulong entry, ulong flags = 0)
    {
        if (!SegmentBase.CanSetDirectly)
            SegmentBase.SetGs((ulong)Area);
        File->StatusFlags = flags | 0x202;
        ((delegate* unmanaged<byte*, ulong, void>)Runtime.Enter)(Area, entry);
        return File->StatusFlags & AllStatus;
    }

    public void Dispose()
    {
        _memory.Dispose();
        GC.KeepAlive(_areaMemory);
    }

    [UnmanagedCallersOnly]
    private static ulong Leave(nint owner, int exit) => 0;

    [UnmanagedCallersOnly]
    private static ulong Miss(nint owner, ulong linear, uint request)
    {
        s_misses++;
        return 0;
    }
}
