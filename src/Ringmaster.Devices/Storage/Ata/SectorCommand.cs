using static Ringmaster.Devices.Storage.Ata.AtaOpcode;
using static Ringmaster.Devices.Storage.Ata.AtaProtocol;

namespace Ringmaster.Devices.Storage.Ata;

/// <summary>A command that moves sectors, or verifies them, which is without data.</summary>
/// <param name="Protocol">How.</param>
/// <param name="IsWrite">Whether the disk is written.</param>
/// <param name="Is48">Whether address and count are the long ones.</param>
/// <param name="IsMultiple">Whether several sectors are a block.</param>
/// <param name="IsDurable">Whether it ends only when the data would survive a loss of power.</param>
internal sealed record SectorCommand(AtaProtocol Protocol, bool IsWrite, bool Is48, bool IsMultiple = false, bool IsDurable = false)
{
    /// <summary>Finds the command of an opcode.</summary>
    public static SectorCommand? Find(AtaOpcode opcode) => opcode switch
    {
        ReadSectors or ReadSectorsOnce => new(PioIn, IsWrite: false, Is48: false),
        ReadSectorsExt => new(PioIn, IsWrite: false, Is48: true),
        ReadMultiple => new(PioIn, IsWrite: false, Is48: false, IsMultiple: true),
        ReadMultipleExt => new(PioIn, IsWrite: false, Is48: true, IsMultiple: true),
        ReadDma or ReadDmaOnce => new(DmaIn, IsWrite: false, Is48: false),
        ReadDmaExt => new(DmaIn, IsWrite: false, Is48: true),
        ReadQueued => new(Queued, IsWrite: false, Is48: true),
        WriteSectors or WriteSectorsOnce => new(PioOut, IsWrite: true, Is48: false),
        WriteSectorsExt => new(PioOut, IsWrite: true, Is48: true),
        WriteMultiple => new(PioOut, IsWrite: true, Is48: false, IsMultiple: true),
        WriteMultipleExt => new(PioOut, IsWrite: true, Is48: true, IsMultiple: true),
        WriteMultipleFuaExt => new(PioOut, IsWrite: true, Is48: true, IsMultiple: true, IsDurable: true),
        WriteDma or WriteDmaOnce => new(DmaOut, IsWrite: true, Is48: false),
        WriteDmaExt => new(DmaOut, IsWrite: true, Is48: true),
        WriteDmaFuaExt => new(DmaOut, IsWrite: true, Is48: true, IsDurable: true),
        WriteQueued => new(Queued, IsWrite: true, Is48: true),
        ReadVerify or ReadVerifyOnce => new(NonData, IsWrite: false, Is48: false),
        ReadVerifyExt => new(NonData, IsWrite: false, Is48: true),
        _ => null,
    };
}
