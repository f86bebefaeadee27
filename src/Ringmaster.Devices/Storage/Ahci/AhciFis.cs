using System.Buffers.Binary;
using Ringmaster.Devices.Storage.Ata;

namespace Ringmaster.Devices.Storage.Ahci;

/// <summary>Frame information structures (SATA 3.0 section 10.3) and where received ones go (AHCI 1.3.1 section 4.2.1).</summary>
internal static class AhciFis
{
    /// <summary>Bytes of a command.</summary>
    public const int CommandSize = 20;

    /// <summary>Where a port's memory has the last frame that began PIO, the last with registers, and the last with device bits.</summary>
    public const int PioSetupOffset = 0x20, RegistersOffset = 0x40, DeviceBitsOffset = 0x58;

    private const byte FromHost = 0x27, Registers = 0x34, PioSetup = 0x5F, DeviceBits = 0xA1;
    private const byte Interrupt = 0x40, ToHost = 0x20;

    /// <summary>Whether a frame holds registers from the host.</summary>
    public static bool IsFromHost(ReadOnlySpan<byte> fis) => fis[0] == FromHost;

    /// <summary>Whether it is a command, or else sets the control register.</summary>
    public static bool IsCommand(ReadOnlySpan<byte> fis) => (fis[1] & 0x80) != 0;

    /// <summary>The control register.</summary>
    public static byte Control(ReadOnlySpan<byte> fis) => fis[15];

    /// <summary>The command in a frame.</summary>
    public static AtaCommand Command(ReadOnlySpan<byte> fis) => new(
        fis[2],
        (ushort)(fis[3] | fis[11] << 8),
        fis[4] | (ulong)fis[5] << 8 | (ulong)fis[6] << 16 | (ulong)fis[8] << 24 | (ulong)fis[9] << 32 | (ulong)fis[10] << 40,
        (ushort)(fis[12] | fis[13] << 8),
        fis[7]);

    /// <summary>A frame with the device's registers.</summary>
    public static byte[] ToRegisters(byte status, byte error, ulong lba, ushort count, byte device, bool interrupts)
    {
        var fis = new byte[20];
        (fis[0], fis[1]) = (Registers, interrupts ? Interrupt : (byte)0);
        SetRegisters(fis, status, error, lba, count, device);
        return fis;
    }

    /// <summary>A frame that begins a transfer to the host by programmed I/O.</summary>
    public static byte[] ToPioSetup(ushort length, ulong lba, ushort count, byte device)
    {
        var fis = new byte[20];
        (fis[0], fis[1]) = (PioSetup, Interrupt | ToHost);
        SetRegisters(fis, AtaRegisters.StatusReady | AtaRegisters.StatusDataRequest, 0, lba, count, device);
        fis[15] = AtaRegisters.StatusReady;
        BinaryPrimitives.WriteUInt16LittleEndian(fis.AsSpan(16), length);
        return fis;
    }

    /// <summary>A frame that tells which queued commands have ended.</summary>
    public static byte[] ToDeviceBits(byte status, byte error, uint ended)
    {
        const byte reserved = 0x88;
        var fis = new byte[8];
        (fis[0], fis[1], fis[2], fis[3]) = (DeviceBits, Interrupt, (byte)(status & ~reserved), error);
        BinaryPrimitives.WriteUInt32LittleEndian(fis.AsSpan(4), ended);
        return fis;
    }

    private static void SetRegisters(byte[] fis, byte status, byte error, ulong lba, ushort count, byte device)
    {
        (fis[2], fis[3], fis[7]) = (status, error, device);
        for (var i = 0; i < 3; i++)
        {
            fis[4 + i] = (byte)(lba >> (8 * i));
            fis[8 + i] = (byte)(lba >> (24 + 8 * i));
        }
        BinaryPrimitives.WriteUInt16LittleEndian(fis.AsSpan(12), count);
    }
}
