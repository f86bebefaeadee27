using System.Buffers.Binary;

namespace Ringmaster.Firmware.Acpi;

/// <summary>Lays tables out one after another and remembers which fields are addresses and which are checksums.</summary>
internal sealed class AcpiLinker
{
    public const string OemId = "RNGMST";

    private const string OemTableId = "RINGMSTR", CreatorId = "RNGM";
    private const int HeaderSize = 36, LengthOffset = 4, ChecksumOffset = 9, FacsSize = 64, TableAlignment = 8;
    private readonly ByteWriter _tables = new();
    private readonly List<(int Offset, int Size, int Target)> _pointers = [];
    private readonly List<AcpiChecksum> _checksums = [];
    private readonly List<(int Table, int Length)> _lengths = [];

    /// <summary>The FACS has a header of its own, without checksum (ACPI 6.5 section 5.2.10).</summary>
    /// <returns>Its offset.</returns>
    public int AddFacs()
    {
        _tables.Align(AcpiTables.Alignment);
        var start = _tables.Length;
        _tables.Ascii("FACS").U32(FacsSize).Zeros(24).U8(2).Zeros(FacsSize - 33);
        return start;
    }

    /// <summary>Adds a table with the common header (section 5.2.6).</summary>
    /// <returns>Its offset.</returns>
    public int Add(string signature, int revision, Action<ByteWriter> body)
    {
        _tables.Align(TableAlignment);
        var start = _tables.Length;
        _tables.Ascii(signature).U32(0).U8(revision).U8(0).Ascii(OemId).Ascii(OemTableId).U32(1).Ascii(CreatorId).U32(1);
        body(_tables);
        var length = _tables.Length - start;
        _lengths.Add((start, length));
        _checksums.Add(new AcpiChecksum(false, start + ChecksumOffset, start, length));
        return start;
    }

    /// <summary>Adds an RSDT or XSDT: a table of addresses.</summary>
    public int AddRoot(string signature, int addressSize, List<int> targets)
    {
        var start = Add(signature, 1, t => t.Zeros(targets.Count * addressSize));
        for (var i = 0; i < targets.Count; i++)
            Point(start + HeaderSize + i * addressSize, addressSize, targets[i]);
        return start;
    }

    /// <summary>Makes a field hold another table's address.</summary>
    public void Point(int offset, int size, int target) => _pointers.Add((offset, size, target));

    public AcpiTables Link(int rsdt, int xsdt)
    {
        var tables = _tables.ToArray();
        foreach (var (table, length) in _lengths)
            BinaryPrimitives.WriteUInt32LittleEndian(tables.AsSpan(table + LengthOffset), (uint)length);
        foreach (var (offset, _, target) in _pointers)
            BinaryPrimitives.WriteUInt32LittleEndian(tables.AsSpan(offset), (uint)target);
        return new AcpiTables(
            tables, AcpiTables.BuildRsdp(rsdt, xsdt),
            [.. _pointers.Select(p => new AcpiTablePointer(false, p.Offset, p.Size)), .. AcpiTables.RsdpPointers],
            [.. _checksums, .. AcpiTables.RsdpChecksums]);
    }
}
