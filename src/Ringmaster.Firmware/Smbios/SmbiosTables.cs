using Ringmaster.Memory;

namespace Ringmaster.Firmware.Smbios;

/// <summary>A machine's SMBIOS structures and the two entry points to them (DSP0134 3.7 section 5).</summary>
public sealed class SmbiosTables
{
    private const int Entry32Size = 31, Entry64Size = 24, Entry64Offset = 0, Entry32Offset = 32, StructuresOffset = 64, AreaSize = 0xC000;
    private static readonly GuestPhysicalAddress Area = new(0xF0000);
    private readonly int _count, _largest;

    private SmbiosTables(IReadOnlyCollection<byte[]> structures)
    {
        _count = structures.Count;
        _largest = structures.Max(s => s.Length);
        Structures = [.. structures.SelectMany(s => s)];
    }

    /// <summary>All structures, one after another.</summary>
    internal byte[] Structures { get; }

    /// <summary>Builds the structures.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no CPU, or there are fewer CPUs than sockets.</exception>
    public static SmbiosTables Build(SmbiosPlatform platform)
    {
        ArgumentNullException.ThrowIfNull(platform);
        ArgumentOutOfRangeException.ThrowIfLessThan(platform.CpuCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(platform.Sockets, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(platform.CpuCount, platform.Sockets);
        return new SmbiosTables([.. SmbiosContent.Structures(platform)]);
    }

    /// <summary>Puts entry points and structures into the BIOS area at 0xF0000, where operating systems look for them.</summary>
    /// <returns>The address of the 64-bit entry point.</returns>
    /// <exception cref="InvalidOperationException">They do not fit, or there is no RAM.</exception>
    public GuestPhysicalAddress Install(GuestMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        var image = Image();
        if (image.Length > AreaSize)
            throw new InvalidOperationException($"The SMBIOS tables of {image.Length} bytes do not fit below 1 MiB; use fewer sockets.");
        if (!memory.TryWrite(Area, image))
            throw new InvalidOperationException($"There is no RAM at {Area} for the SMBIOS tables; keep that range in the RAM layout.");
        return Area + Entry64Offset;
    }

    /// <summary>What <see cref="Install"/> writes.</summary>
    internal byte[] Image()
    {
        var structures = Area + StructuresOffset;
        return new ByteWriter()
            .Bytes(Entry64(structures)).Zeros(Entry32Offset - Entry64Size)
            .Bytes(Entry32(structures)).Zeros(StructuresOffset - Entry32Offset - Entry32Size)
            .Bytes(Structures).ToArray();
    }

    /// <summary>The 64-bit entry point of version 3.0 (section 5.2.2).</summary>
    internal byte[] Entry64(GuestPhysicalAddress structures)
    {
        var entry = new ByteWriter().Ascii("_SM3_").U8(0).U8(Entry64Size).U8(3).U8(0).U8(0).U8(1).U8(0)
            .U32((uint)Structures.Length).U64(structures.Value).ToArray();
        Checksum.Set(entry, 5);
        return entry;
    }

    /// <summary>The 32-bit entry point of version 2.8 (section 5.2.1), with a checksum of its own from "_DMI_" on.</summary>
    internal byte[] Entry32(GuestPhysicalAddress structures)
    {
        const int intermediate = 16;
        var entry = new ByteWriter().Ascii("_SM_").U8(0).U8(Entry32Size).U8(2).U8(8).U16(_largest).U8(0).Zeros(5)
            .Ascii("_DMI_").U8(0).U16(Structures.Length).U32((uint)structures.Value).U16(_count).U8(0x28).ToArray();
        Checksum.Set(entry.AsSpan(intermediate), 5);
        Checksum.Set(entry, 4);
        return entry;
    }
}
