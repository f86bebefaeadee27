using System.Buffers.Binary;
using Ringmaster.Devices.Storage.Cd;

namespace Ringmaster.Devices.Storage.Ata;

/// <content>Commands that move, verify or discard sectors.</content>
public sealed partial class AtaDisk
{
    /// <summary>Sectors of ranges that a DATA SET MANAGEMENT command can have.</summary>
    private const int MostTrimSectors = 4;

    private const byte ForceUnitAccess = 0x80;

    private static readonly BlockStep s_flush = new(BlockOperation.Flush, 0, 0);

    /// <summary>DATA SET MANAGEMENT with TRIM (ATA8-ACS-2 7.10): ranges of 48 bits of address and 16 of length.</summary>
    internal override AtaAction Receive(in AtaCommand command, ReadOnlySpan<byte> data)
    {
        if (command.Operation != AtaOpcode.DataSetManagement || data.Length > MostTrimSectors * Sector)
            return AtaAction.Abort;
        var steps = new List<BlockStep>();
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
        {
            var range = BinaryPrimitives.ReadUInt64LittleEndian(data);
            var (block, sectors) = (range & 0xFFFF_FFFF_FFFF, range >> 48);
            if (sectors == 0)
                continue;
            if (block >= _capacity || sectors > _capacity - block)
                return AtaAction.Fail(AtaRegisters.ErrorNotFound);
            steps.Add(new BlockStep(BlockOperation.Discard, block * Sector, sectors * Sector));
        }
        return AtaAction.Done with { Steps = steps };
    }

    /// <summary>The registers tell at which sector it was, if it was one.</summary>
    internal override AtaAction Refuse(in AtaCommand command, BlockStep step, BlockStatus status)
    {
        var failure = AtaAction.Fail(status switch
        {
            BlockStatus.OutOfRange => AtaRegisters.ErrorNotFound,
            _ when step.Operation == BlockOperation.Read => AtaRegisters.ErrorUncorrectable,
            _ => AtaRegisters.ErrorAbort,
        });
        return step.Operation is BlockOperation.Read or BlockOperation.Write ? Locate(failure, command, step.Offset / Sector) : failure;
    }

    private static ulong ShortLba(ulong block) => Math.Min(block, 0x0FFF_FFFF) & 0xFF_FFFF;

    private static byte ShortDevice(in AtaCommand command, ulong block) => (byte)((command.Device & 0xF0u) | Math.Min(block, 0x0FFF_FFFF) >> 24);

    private AtaAction BeginTrim(in AtaCommand command)
    {
        const byte trim = 0x01;
        var isRefused = !_backend.CanDiscard || _backend.IsReadOnly || command.Subcommand != trim || command.Count is 0 or > MostTrimSectors;
        return isRefused ? AtaAction.Abort : new AtaAction(AtaProtocol.DmaOut) { Parameter = command.Count * Sector };
    }

    private AtaAction Transfer(in AtaCommand command, SectorCommand kind)
    {
        var isQueued = kind.Protocol == AtaProtocol.Queued;
        if ((kind.IsMultiple && _settings.Multiple == 0) || (isQueued && Cable != AtaCable.Serial) || (kind.IsWrite && _backend.IsReadOnly))
            return AtaAction.Abort;
        if (Find(command, kind.Is48) is not { } block)
            return AtaAction.Fail(AtaRegisters.ErrorNotFound);
        // The count of queued commands is where others have their features (SATA 3.0 section 13.6.4).
        var sectors = Count(isQueued ? command.Features : command.Count, kind.Is48);
        if (sectors > _capacity - block)
            return Locate(AtaAction.Fail(AtaRegisters.ErrorNotFound), command, _capacity);
        WakeUp();
        var isDurable = kind.IsWrite && (kind.IsDurable || !_settings.IsWriteCached || (isQueued && (command.Device & ForceUnitAccess) != 0));
        var step = new BlockStep(kind.IsWrite ? BlockOperation.Write : BlockOperation.Read, block * Sector, sectors * Sector);
        return new AtaAction(kind.Protocol)
        {
            Block = (kind.IsMultiple ? _settings.Multiple : 1) * Sector,
            Steps = kind.Protocol == AtaProtocol.NonData ? [.. (step with { Fields = CdFields.None }).Split()] : isDurable ? [step, s_flush] : [step],
        };
    }

    /// <summary>A count of 0 stands for the most.</summary>
    private static ulong Count(ushort count, bool is48)
    {
        var value = is48 ? count : (byte)count;
        return value != 0 ? value : is48 ? 0x1_0000u : 0x100u;
    }

    /// <summary>The first sector; null if there is none at the address.</summary>
    private ulong? Find(in AtaCommand command, bool is48)
    {
        ulong block;
        if (is48)
            block = command.Lba;
        else if (command.IsLba)
            block = (command.Lba & 0xFF_FFFF) | (ulong)command.Head << 24;
        else if (!Geometry.TryFind(command.Cylinder, command.Head, (byte)command.Lba, out block))
            return null;
        return block < _capacity ? block : null;
    }

    /// <summary>Adds a sector's address, as the command would have it.</summary>
    private AtaAction Locate(AtaAction action, in AtaCommand command, ulong block)
    {
        if (SectorCommand.Find(command.Operation) is { Is48: true })
            return action with { Lba = block };
        if (command.IsLba)
            return action with { Lba = ShortLba(block), Device = ShortDevice(command, block) };
        var (heads, sectors) = ((ulong)Geometry.Heads, (ulong)Geometry.Sectors);
        var (track, sector) = (block / sectors, block % sectors + 1);
        return action with { Lba = sector | (ulong)(ushort)(track / heads) << 8, Device = (byte)((command.Device & 0xF0u) | track % heads) };
    }
}
