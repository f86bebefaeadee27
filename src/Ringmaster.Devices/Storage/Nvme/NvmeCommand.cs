using System.Buffers.Binary;

namespace Ringmaster.Devices.Storage.Nvme;

/// <summary>A submission queue entry (NVM Express 1.4 section 4.2).</summary>
internal readonly struct NvmeCommand
{
    /// <summary>Bytes of an entry.</summary>
    public const int Size = 64;

    private readonly uint _head, _cdw10, _cdw11, _cdw12, _cdw13;

    /// <summary>Takes an entry apart.</summary>
    /// <param name="entry">Its 64 bytes.</param>
    public NvmeCommand(ReadOnlySpan<byte> entry)
    {
        _head = BinaryPrimitives.ReadUInt32LittleEndian(entry);
        Namespace = BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]);
        Prp1 = BinaryPrimitives.ReadUInt64LittleEndian(entry[24..]);
        Prp2 = BinaryPrimitives.ReadUInt64LittleEndian(entry[32..]);
        _cdw10 = BinaryPrimitives.ReadUInt32LittleEndian(entry[40..]);
        _cdw11 = BinaryPrimitives.ReadUInt32LittleEndian(entry[44..]);
        _cdw12 = BinaryPrimitives.ReadUInt32LittleEndian(entry[48..]);
        _cdw13 = BinaryPrimitives.ReadUInt32LittleEndian(entry[52..]);
    }

    /// <summary>The opcode; its meaning depends on the queue.</summary>
    public byte Opcode => (byte)_head;

    /// <summary>The command is half of a fused operation, or uses scatter gather lists: neither is offered.</summary>
    public bool UsesWhatIsNotOffered => (_head & 0xC300) != 0;

    /// <summary>The number that its completion carries.</summary>
    public ushort Id => (ushort)(_head >> 16);

    /// <summary>The namespace.</summary>
    public uint Namespace { get; }

    /// <summary>The first physical region page entry.</summary>
    public ulong Prp1 { get; }

    /// <summary>The second one, or where a list of them is.</summary>
    public ulong Prp2 { get; }

    /// <summary>Command doubleword 10.</summary>
    public uint Cdw10 => _cdw10;

    /// <summary>Command doubleword 11.</summary>
    public uint Cdw11 => _cdw11;

    /// <summary>Command doubleword 12.</summary>
    public uint Cdw12 => _cdw12;

    /// <summary>The first logical block.</summary>
    public ulong Start => _cdw10 | (ulong)_cdw11 << 32;

    /// <summary>The offset into a log page.</summary>
    public ulong LogOffset => _cdw12 | (ulong)_cdw13 << 32;
}
