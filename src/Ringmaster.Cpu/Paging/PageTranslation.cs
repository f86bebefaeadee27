using Ringmaster.Memory;

namespace Ringmaster.Cpu.Paging;

/// <summary>What a page walk found. All of it but <see cref="Error"/> is meaningful only without a fault.</summary>
public readonly struct PageTranslation
{
    private readonly ulong _address;
    private readonly Bits _bits;
    private readonly byte _pageShift, _key, _memoryType;

    private PageTranslation(bool isFault, PageFaultError error)
    {
        IsFault = isFault;
        Error = error;
    }

    internal PageTranslation(ulong address, int pageShift, Bits bits, int key, int memoryType)
    {
        _address = address;
        _pageShift = (byte)pageShift;
        _bits = bits;
        _key = (byte)key;
        _memoryType = (byte)memoryType;
    }

    [Flags]
    internal enum Bits : byte
    {
        User = 1,
        Writable = 2,
        NoExecute = 4,
        Global = 8,
        Dirty = 16,
    }

    /// <summary>The access raises #PF with <see cref="Error"/>.</summary>
    public bool IsFault { get; }

    /// <summary>The error code of the fault.</summary>
    public PageFaultError Error { get; }

    /// <summary>The guest-physical address of the byte that the linear address names.</summary>
    public GuestPhysicalAddress Address => new(_address);

    /// <summary>Binary logarithm of the page's size: 12, 21, 22 or 30. Without paging 12.</summary>
    public int PageShift => _pageShift;

    /// <summary>All entries have U/S set: a user-mode address.</summary>
    public bool IsUser => (_bits & Bits.User) != 0;

    /// <summary>All entries have R/W set. Supervisor writes need it only while CR0.WP is set.</summary>
    public bool IsWritable => (_bits & Bits.Writable) != 0;

    /// <summary>No entry has XD set (or NX is off).</summary>
    public bool IsExecutable => (_bits & Bits.NoExecute) == 0;

    /// <summary>The entry that maps the page has G set; it counts only while CR4.PGE is set.</summary>
    public bool IsGlobal => (_bits & Bits.Global) != 0;

    /// <summary>The entry that maps the page has D set, so that a write through a TLB entry needs no walk.</summary>
    public bool IsDirty => (_bits & Bits.Dirty) != 0;

    /// <summary>The page's protection key, 0 to 15; 0 while keys are off.</summary>
    public int ProtectionKey => _key;

    /// <summary>The index into IA32_PAT: PAT, PCD and PWT of the entry that maps the page (SDM 3A 4.9.2).</summary>
    public int PatIndex => _memoryType;

    /// <summary>The translation of another byte of the same 4 KiB.</summary>
    /// <param name="linear">Its linear address.</param>
    public PageTranslation WithOffsetOf(ulong linear) => new((_address & ~0xFFFUL) | (linear & 0xFFF), _pageShift, _bits, _key, _memoryType);

    internal PageTranslation AsDirty() => new(_address, _pageShift, _bits | Bits.Dirty, _key, _memoryType);

    internal static PageTranslation Identity(ulong address) => new(address, 12, Bits.User | Bits.Writable | Bits.Dirty, 0, 0);

    internal static PageTranslation Fault(PageFaultError error) => new(true, error);
}
