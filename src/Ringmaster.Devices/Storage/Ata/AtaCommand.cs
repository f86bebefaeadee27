namespace Ringmaster.Devices.Storage.Ata;

/// <summary>A command as it is in a device's registers (ATA8-ACS section 7.1). Whether 28 or 48 bits of it count, the opcode says.</summary>
/// <param name="Opcode">The command register.</param>
/// <param name="Features">The features register.</param>
/// <param name="Lba">The LBA registers, 48 bits.</param>
/// <param name="Count">The sector count register.</param>
/// <param name="Device">The device register.</param>
public readonly record struct AtaCommand(byte Opcode, ushort Features, ulong Lba, ushort Count, byte Device)
{
    internal AtaOpcode Operation => (AtaOpcode)Opcode;

    /// <summary>Features as commands of 28 bits have them.</summary>
    internal byte Subcommand => (byte)Features;

    /// <summary>Sector count as commands of 28 bits have it.</summary>
    internal byte ShortCount => (byte)Count;

    /// <summary>The middle and the high LBA register: cylinder, byte count of a packet command.</summary>
    internal ushort Cylinder => (ushort)(Lba >> 8);

    internal int Head => Device & 0x0F;

    internal bool IsLba => (Device & AtaRegisters.DeviceLba) != 0;

    internal bool IsQueued => Operation is AtaOpcode.ReadQueued or AtaOpcode.WriteQueued;
}
