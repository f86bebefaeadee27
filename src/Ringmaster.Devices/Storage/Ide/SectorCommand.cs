namespace Ringmaster.Devices.Storage.Ide;

/// <summary>A command that moves or checks sectors.</summary>
/// <param name="Mode">How.</param>
/// <param name="IsWrite">Whether the disk is written.</param>
/// <param name="Is48">Whether address and count are the long ones.</param>
/// <param name="IsDurable">Whether it ends only when the data would survive a loss of power.</param>
internal sealed record SectorCommand(SectorMode Mode, bool IsWrite, bool Is48, bool IsDurable = false)
{
    /// <summary>Finds the command of an opcode (ATA/ATAPI-7 volume 1, 6).</summary>
    public static SectorCommand? Find(byte opcode) => opcode switch
    {
        0x20 or 0x21 => new(SectorMode.Single, IsWrite: false, Is48: false),
        0x24 => new(SectorMode.Single, IsWrite: false, Is48: true),
        0x25 => new(SectorMode.Dma, IsWrite: false, Is48: true),
        0x29 => new(SectorMode.Multiple, IsWrite: false, Is48: true),
        0x30 or 0x31 => new(SectorMode.Single, IsWrite: true, Is48: false),
        0x34 => new(SectorMode.Single, IsWrite: true, Is48: true),
        0x35 => new(SectorMode.Dma, IsWrite: true, Is48: true),
        0x39 => new(SectorMode.Multiple, IsWrite: true, Is48: true),
        0x3D => new(SectorMode.Dma, IsWrite: true, Is48: true, IsDurable: true),
        0x40 or 0x41 => new(SectorMode.Verify, IsWrite: false, Is48: false),
        0x42 => new(SectorMode.Verify, IsWrite: false, Is48: true),
        0xC4 => new(SectorMode.Multiple, IsWrite: false, Is48: false),
        0xC5 => new(SectorMode.Multiple, IsWrite: true, Is48: false),
        0xC8 or 0xC9 => new(SectorMode.Dma, IsWrite: false, Is48: false),
        0xCA or 0xCB => new(SectorMode.Dma, IsWrite: true, Is48: false),
        0xCE => new(SectorMode.Multiple, IsWrite: true, Is48: true, IsDurable: true),
        _ => null,
    };
}
