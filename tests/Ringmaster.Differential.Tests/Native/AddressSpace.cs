namespace Ringmaster.Differential.Tests.Native;

/// <summary>
/// The linear addresses that sequences may touch: the same on the host and in the guest. All but one region lie below
/// 4 GiB, where 32-bit code reaches them; everything between the regions is unmapped.
/// </summary>
internal static class AddressSpace
{
    public const ulong PageSize = 0x1000;

    /// <summary>Executable, not writable. An unmapped page follows.</summary>
    public const ulong Code = 0x0060_0000;

    /// <summary>Readable and writable; read-only pages follow.</summary>
    public const ulong Data = 0x0070_0000;

    /// <summary>Bytes at <see cref="Data"/>.</summary>
    public const int DataLength = 0x3000;

    /// <summary>Readable only. An unmapped page follows.</summary>
    public const ulong ReadOnly = Data + DataLength;

    /// <summary>Unmapped, between two mapped pages.</summary>
    public const ulong Hole = ReadOnly + PageSize;

    /// <summary>Readable and writable, after the hole; nothing follows.</summary>
    public const ulong Island = Hole + PageSize;

    /// <summary>Readable and writable, out of 32-bit code's reach.</summary>
    public const ulong High = 0x0000_1200_0000_0000;

    /// <summary>What is mapped, in ascending order.</summary>
    public static IReadOnlyList<Region> Regions { get; } =
    [
        new(Code, 0x2000, IsWritable: false, IsExecutable: true),
        new(Data, DataLength, IsWritable: true, IsExecutable: false),
        new(ReadOnly, (int)PageSize, IsWritable: false, IsExecutable: false),
        new(Island, (int)PageSize, IsWritable: true, IsExecutable: false),
        new(High, (int)PageSize, IsWritable: true, IsExecutable: false),
    ];

    /// <summary>Index of <see cref="Code"/> in <see cref="Regions"/>.</summary>
    public const int CodeRegion = 0;

    /// <summary>A range of pages with the same rights.</summary>
    internal sealed record Region(ulong Address, int Length, bool IsWritable, bool IsExecutable);
}
