namespace Ringmaster.Devices.Storage.Ata;

/// <summary>A command as it is in a device's registers (ATA8-ACS section 7.1). Whether 28 or 48 bits of it count, the opcode says.</summary>
/// <param name="Opcode">The command register.</param>
/// <param name="Features">The features register.</param>
/// <param name="Lba">The LBA registers, 48 bits.</param>
/// <param name="Count">The sector count register.</param>
/// <param name="Device">The device register.</param>
internal readonly record struct AtaCommand(byte Opcode, ushort Features, ulong Lba, ushort Count, byte Device);
