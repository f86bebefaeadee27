using System.Buffers.Binary;
using Ringmaster.Memory;

namespace Ringmaster.Firmware.Acpi;

/// <summary>
/// A machine's ACPI tables (ACPI 6.5 chapter 5): FACS, DSDT, FADT, MADT, HPET, MCFG, RSDT, XSDT, and the RSDP that points to them.
/// They can be put into RAM for a directly booted kernel, or be left to firmware, which places them by a linker script.
/// </summary>
public sealed class AcpiTables
{
    /// <summary>What <see cref="Tables"/> must be aligned to: the FACS needs it (section 5.2.10).</summary>
    public const int Alignment = 64;

    private const int RsdpSize = 36, RsdpV1Size = 20;

    internal AcpiTables(byte[] tables, byte[] rsdp, IReadOnlyList<AcpiTablePointer> pointers, IReadOnlyList<AcpiChecksum> checksums)
    {
        Tables = tables;
        Rsdp = rsdp;
        Pointers = pointers;
        Checksums = checksums;
    }

    /// <summary>All tables but the RSDP, with offsets where addresses belong.</summary>
    internal byte[] Tables { get; }

    internal byte[] Rsdp { get; }

    internal IReadOnlyList<AcpiTablePointer> Pointers { get; }

    internal IReadOnlyList<AcpiChecksum> Checksums { get; }

    /// <summary>Builds the tables.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no CPU, or there are more than 4096.</exception>
    public static AcpiTables Build(AcpiPlatform platform)
    {
        ArgumentNullException.ThrowIfNull(platform);
        ArgumentOutOfRangeException.ThrowIfLessThan(platform.CpuCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(platform.PossibleCpus, 4096);
        var linker = new AcpiLinker();

        var facs = linker.AddFacs();
        var dsdt = linker.Add("DSDT", 2, t => t.Bytes(Dsdt.Build(platform).Span));
        var fadt = linker.Add("FACP", Fadt.Revision, t => Fadt.Append(t, platform));
        linker.Point(fadt + Fadt.FacsPointer, 4, facs);
        linker.Point(fadt + Fadt.DsdtPointer, 4, dsdt);
        linker.Point(fadt + Fadt.DsdtPointer64, 8, dsdt);

        var roots = new List<int> { fadt, linker.Add("APIC", 5, t => Madt.Append(t, platform)) };
        if (platform.Hpet is { } hpet)
            roots.Add(linker.Add("HPET", 1, t => AppendHpet(t, platform.HpetCapabilities, hpet)));
        if (platform.Pci?.Ecam is { } ecam)
            roots.Add(linker.Add("MCFG", 1, t => AppendMcfg(t, ecam)));
        return linker.Link(linker.AddRoot("RSDT", 4, roots), linker.AddRoot("XSDT", 8, roots));
    }

    /// <summary>Puts RSDP and tables into the BIOS area at 0xE0000, where kernels look for them.</summary>
    /// <returns>The RSDP's address, for boot protocols that hand it over.</returns>
    /// <exception cref="InvalidOperationException">They do not fit, or there is no RAM.</exception>
    public GuestPhysicalAddress Install(GuestMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        const ulong smbiosStart = 0xF0000;
        var rsdpAddress = MemoryMap.BiosTables.Start;
        var tablesAddress = rsdpAddress + Alignment;
        if (tablesAddress.Value + (ulong)Tables.Length > smbiosStart)
            throw new InvalidOperationException($"The ACPI tables of {Tables.Length} bytes do not fit below 1 MiB; use fewer CPUs.");
        var (tables, rsdp) = Place(tablesAddress);
        if (!memory.TryWrite(rsdpAddress, rsdp) || !memory.TryWrite(tablesAddress, tables))
            throw new InvalidOperationException(
                $"There is no RAM at {rsdpAddress} for the ACPI tables; keep that range in the RAM layout.");
        return rsdpAddress;
    }

    /// <summary>The tables and the RSDP as they are when the tables lie at an address.</summary>
    internal (byte[] Tables, byte[] Rsdp) Place(GuestPhysicalAddress address)
    {
        var tables = Tables.AsSpan().ToArray();
        var rsdp = Rsdp.AsSpan().ToArray();
        foreach (var pointer in Pointers)
        {
            var field = (pointer.InRsdp ? rsdp : tables).AsSpan(pointer.Offset, pointer.Size);
            if (pointer.Size == 4)
                BinaryPrimitives.WriteUInt32LittleEndian(field, BinaryPrimitives.ReadUInt32LittleEndian(field) + (uint)address.Value);
            else
                BinaryPrimitives.WriteUInt64LittleEndian(field, BinaryPrimitives.ReadUInt64LittleEndian(field) + address.Value);
        }
        foreach (var checksum in Checksums)
            checksum.Apply(checksum.InRsdp ? rsdp : tables);
        return (tables, rsdp);
    }

    internal static byte[] BuildRsdp(int rsdt, int xsdt) => new ByteWriter()
        .Ascii("RSD PTR ").U8(0).Ascii(AcpiLinker.OemId).U8(2).U32((uint)rsdt)
        .U32(RsdpSize).U64((ulong)xsdt).U8(0).Zeros(3).ToArray();

    internal static IEnumerable<AcpiTablePointer> RsdpPointers => [new(true, 16, 4), new(true, 24, 8)];

    /// <summary>The first 20 bytes have a checksum of their own, from the time when they were all (section 5.2.5.3).</summary>
    internal static IEnumerable<AcpiChecksum> RsdpChecksums => [new(true, 8, 0, RsdpV1Size), new(true, 32, 0, RsdpSize)];

    /// <summary>
    /// PCI Firmware Specification 3.3 section 4.1.2: the buses of segment 0 that there are. Linux looks for a device in each slot of
    /// each bus up to the last one here.
    /// </summary>
    private static ByteWriter AppendMcfg(ByteWriter table, GuestPhysicalAddress ecam) =>
        table.Zeros(8).U64(ecam.Value).U16(0).U8(0).U8(AcpiPci.LastBus).Zeros(4);

    /// <summary>IA-PC HPET Specification 1.0a section 3.2.4.</summary>
    private static ByteWriter AppendHpet(ByteWriter table, uint capabilities, GuestPhysicalAddress address)
    {
        const int systemMemory = 0, smallestPeriodicTick = 0x80;
        return table.U32(capabilities).U8(systemMemory).U8(64).U8(0).U8(0).U64(address.Value).U8(0).U16(smallestPeriodicTick).U8(0);
    }
}
