using System.Buffers.Binary;

namespace Ringmaster.Devices.Storage.Ide;

/// <content>DATA SET MANAGEMENT with TRIM (ATA8-ACS-2 7.10): ranges of 48 bits of address and 16 of length.</content>
public sealed partial class AtaDisk
{
    private const int MostTrimSectors = 8, TrimEntry = 8;
    private const byte TrimFeature = 0x01;

    private void StartTrim()
    {
        var sectors = Registers.Count48;
        if (!_backend.CanDiscard || Registers.FeatureBits != TrimFeature || sectors is 0 or > MostTrimSectors)
        {
            Fail(IdeStatus.Aborted);
            return;
        }
        Status = IdeStatus.Busy;
        _step = AtaStep.TrimData;
        Buffer.Prepare(sectors * BlockRequest.SectorSize);
        Buffer.Begin(Buffer.Length);
        AskDma();
    }

    private void TakeTrimData(BusMaster master)
    {
        var grant = master.Grant(Buffer.End - Buffer.Position, toMemory: false, unit: 1);
        foreach (var piece in grant.Pieces)
        {
            piece.CopyTo(Buffer.Content[Buffer.Position..]);
            Buffer.Skip(piece.Length);
        }
        master.Commit(grant, toMemory: false);
        if (!Buffer.IsBlockDone)
            return;
        Buffer.Prepare(Buffer.Length);
        Buffer.Begin(Buffer.Length);
        TrimNext();
    }

    /// <summary>Discards the next range that is not empty.</summary>
    private void TrimNext()
    {
        _step = AtaStep.Trimming;
        for (; Buffer.Position < Buffer.Length; Buffer.Skip(TrimEntry))
        {
            var entry = BinaryPrimitives.ReadUInt64LittleEndian(Buffer.Content.Span[Buffer.Position..]);
            var (block, sectors) = (entry & 0xFFFF_FFFF_FFFF, entry >> 48);
            if (sectors == 0)
                continue;
            if (block >= _capacity || sectors > _capacity - block)
            {
                Fail(IdeStatus.NotFound);
                return;
            }
            Submit(BlockOperation.Discard, block * BlockRequest.SectorSize, sectors * BlockRequest.SectorSize, [], status =>
            {
                if (Failed(status))
                    return;
                Buffer.Skip(TrimEntry);
                TrimNext();
            });
            return;
        }
        End(IdeStatus.Idle);
    }
}
