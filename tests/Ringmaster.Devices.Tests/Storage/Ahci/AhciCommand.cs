using System.Buffers.Binary;

namespace Ringmaster.Devices.Tests.Storage.Ahci;

/// <summary>A command as a driver composes it.</summary>
public readonly record struct AhciCommand(byte Opcode, ulong Lba = 0, int Count = 0, ushort Features = 0, byte Device = 0x40)
{
    /// <summary>A queued command: the count is with the features, and the slot where the count else is.</summary>
    public static AhciCommand Queued(byte opcode, int slot, ulong lba, int count) => new(opcode, lba, slot << 3, (ushort)count);

    /// <summary>The frame with the command.</summary>
    public byte[] ToFrame()
    {
        var frame = new byte[20];
        (frame[0], frame[1], frame[2], frame[3], frame[7], frame[11]) = (0x27, 0x80, Opcode, (byte)Features, Device, (byte)(Features >> 8));
        for (var i = 0; i < 3; i++)
        {
            frame[4 + i] = (byte)(Lba >> (8 * i));
            frame[8 + i] = (byte)(Lba >> (24 + 8 * i));
        }
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(12), (ushort)Count);
        return frame;
    }
}
