namespace Ringmaster.Devices.Pci;

/// <summary>A base address register of a function, and what is behind it.</summary>
public sealed class PciBar
{
    private const uint IoFlag = 1, WideFlag = 4, PrefetchableFlag = 8, RomEnable = 1;

    private readonly PciConfigSpace _config;

    internal PciBar(PciConfigSpace config, int index, PciBarKind kind, ulong size, IRegisterBlock registers)
    {
        var least = kind switch { PciBarKind.Io => 4u, PciBarKind.Rom => 2048u, _ => 16u };
        if (size < least || (size & (size - 1)) != 0 || (!Is64(kind) && size > 0x8000_0000))
            throw new ArgumentOutOfRangeException(nameof(size), size, "A block is a power of two, and not too small for its kind.");
        (_config, Index, Kind, Size, Registers) = (config, index, kind, size, registers);
        Offset = kind == PciBarKind.Rom ? PciRegister.RomBar : PciRegister.Bar0 + 4 * index;
        var flags = kind switch
        {
            PciBarKind.Io => IoFlag,
            PciBarKind.Memory64 => WideFlag,
            PciBarKind.Prefetchable32 => PrefetchableFlag,
            PciBarKind.Prefetchable64 => WideFlag | PrefetchableFlag,
            _ => 0u,
        };
        config.Define(Offset, 4, flags, (uint)~(size - 1) | (kind == PciBarKind.Rom ? RomEnable : 0));
        if (Is64(kind))
            config.Define(Offset + 4, 4, 0, (uint)(~(size - 1) >> 32));
    }

    /// <summary>0 to 5, of the first register if it takes two; 6 for the expansion ROM.</summary>
    public int Index { get; }

    /// <summary>Where it places the block.</summary>
    public PciBarKind Kind { get; }

    /// <summary>Bytes or ports of the block; a power of two.</summary>
    public ulong Size { get; }

    /// <summary>What is behind it.</summary>
    public IRegisterBlock Registers { get; }

    /// <summary>Whether it takes two registers.</summary>
    public bool Is64Bit => Is64(Kind);

    /// <summary>Whether it places ports.</summary>
    public bool IsIo => Kind == PciBarKind.Io;

    /// <summary>Where the register is in the configuration space.</summary>
    public int Offset { get; }

    /// <summary>Where the block is, or would be if the function answered.</summary>
    public ulong Address
    {
        get
        {
            ulong low = _config.Doubleword(Offset) & ~(IsIo ? 3u : Kind == PciBarKind.Rom ? 0x7FFu : 0xFu);
            return Is64Bit ? low | (ulong)_config.Doubleword(Offset + 4) << 32 : low;
        }
    }

    /// <summary>Whether the function answers here.</summary>
    public bool IsEnabled
    {
        get
        {
            var command = _config.Read(PciRegister.Command, 2);
            return IsIo ? (command & PciRegister.CommandIo) != 0
                : (command & PciRegister.CommandMemory) != 0 && (Kind != PciBarKind.Rom || (_config.Doubleword(Offset) & RomEnable) != 0);
        }
    }

    private static bool Is64(PciBarKind kind) => kind is PciBarKind.Memory64 or PciBarKind.Prefetchable64;
}
