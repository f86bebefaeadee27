using System.Buffers.Binary;
using Ringmaster.Devices.State;

namespace Ringmaster.Devices.Storage.Ata;

/// <summary>
/// The command layer of an ATA disk (ATA8-ACS): makes requests to the back end of commands, and keeps what software has set. Moving
/// data and registers is the business of whoever has it.
/// </summary>
/// <param name="disk">What it reads and writes.</param>
/// <param name="serial">The serial number: 1 to 20 printable ASCII characters.</param>
/// <param name="isSerialAta">Whether it is behind a SATA port, and so can queue commands.</param>
internal sealed partial class AtaDisk(IBlockBackend disk, string serial, bool isSerialAta)
{
    private const int Sector = BlockRequest.SectorSize, Heads = 16, SectorsOfTrack = 63;
    private const byte UsesLba = 0x40, ForceUnitAccess = 0x80;

    private static readonly AtaDiskState s_initial = new(true, true, true, false, 0, -1, 6, []);

    private readonly AtaIdentity _identity = new(serial, isSerialAta);
    private AtaDiskState _settings = s_initial;

    /// <summary>Goes back to what is set after power-up.</summary>
    public void Reset() => _settings = s_initial;

    /// <summary>Begins a command.</summary>
    public AtaAction Begin(in AtaCommand command)
    {
        switch ((AtaOpcode)command.Opcode)
        {
            case AtaOpcode.ReadSectors or AtaOpcode.ReadSectorsOnce:
                return Transfer(command, AtaProtocol.PioIn, isExtended: false);
            case AtaOpcode.ReadSectorsExt:
                return Transfer(command, AtaProtocol.PioIn, isExtended: true);
            case AtaOpcode.ReadMultiple or AtaOpcode.ReadMultipleExt when _settings.MultipleCount != 0:
                return Transfer(command, AtaProtocol.PioIn, command.Opcode == (byte)AtaOpcode.ReadMultipleExt);
            case AtaOpcode.ReadDma or AtaOpcode.ReadDmaOnce:
                return Transfer(command, AtaProtocol.DmaIn, isExtended: false);
            case AtaOpcode.ReadDmaExt:
                return Transfer(command, AtaProtocol.DmaIn, isExtended: true);
            case AtaOpcode.WriteSectors or AtaOpcode.WriteSectorsOnce:
                return Transfer(command, AtaProtocol.PioOut, isExtended: false);
            case AtaOpcode.WriteSectorsExt:
                return Transfer(command, AtaProtocol.PioOut, isExtended: true);
            case AtaOpcode.WriteMultiple when _settings.MultipleCount != 0:
                return Transfer(command, AtaProtocol.PioOut, isExtended: false);
            case AtaOpcode.WriteMultipleExt or AtaOpcode.WriteMultipleFuaExt when _settings.MultipleCount != 0:
                return Transfer(command, AtaProtocol.PioOut, isExtended: true, command.Opcode == (byte)AtaOpcode.WriteMultipleFuaExt);
            case AtaOpcode.WriteDma or AtaOpcode.WriteDmaOnce:
                return Transfer(command, AtaProtocol.DmaOut, isExtended: false);
            case AtaOpcode.WriteDmaExt or AtaOpcode.WriteDmaFuaExt:
                return Transfer(command, AtaProtocol.DmaOut, isExtended: true, command.Opcode == (byte)AtaOpcode.WriteDmaFuaExt);
            case AtaOpcode.ReadQueued or AtaOpcode.WriteQueued when isSerialAta:
                return TransferQueued(command);
            case AtaOpcode.DataSetManagement:
                return ManageDataSet(command);
            case AtaOpcode.FlushCache or AtaOpcode.FlushCacheExt:
                return Flush();
            case AtaOpcode.IdentifyDevice:
                return AtaAction.Return(AtaProtocol.PioIn, _identity.ToPage(disk, _settings));
            case AtaOpcode.ReadLogExt:
                return ReadLog(command, AtaProtocol.PioIn);
            case AtaOpcode.ReadLogDmaExt:
                return ReadLog(command, AtaProtocol.DmaIn);
            case AtaOpcode.Smart:
                return Smart(command);
            default:
                return BeginWithoutData(command);
        }
    }

    /// <summary>Data that a command needs has come; see <see cref="AtaAction.IsParameter"/>.</summary>
    /// <returns>What the disk does then, without data.</returns>
    public AtaAction Receive(in AtaCommand command, ReadOnlySpan<byte> data)
    {
        if (command.Opcode != (byte)AtaOpcode.DataSetManagement)
            return AtaAction.Fail(AtaRegisters.ErrorAbort);
        var steps = new List<BlockStep>();
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
        {
            var range = BinaryPrimitives.ReadUInt64LittleEndian(data);
            var (lba, count) = (range & 0xFFFF_FFFF_FFFF, range >> 48);
            if (count == 0)
                continue;
            if (!IsOnDisk(lba, count))
                return AtaAction.Fail(AtaRegisters.ErrorNotFound);
            steps.Add(new BlockStep(BlockOperation.Discard, lba * Sector, count * Sector));
        }
        return AtaAction.Done with { Steps = steps };
    }

    /// <summary>The error register for a request that has failed.</summary>
    public static byte ErrorOf(BlockStatus status, BlockOperation operation) => status switch
    {
        BlockStatus.Done => 0,
        BlockStatus.OutOfRange => AtaRegisters.ErrorNotFound,
        BlockStatus.Failed when operation == BlockOperation.Read => AtaRegisters.ErrorUncorrectable,
        _ => AtaRegisters.ErrorAbort,
    };

    /// <summary>Takes the state.</summary>
    public AtaDiskState Capture() => _settings;

    /// <summary>Looks whether a state is one.</summary>
    /// <exception cref="SavedStateException">It is not.</exception>
    public static void Check(AtaDiskState state, string name)
    {
        if (state.QueueError.Length is not (0 or AtaIdentity.Size))
            throw new SavedStateException($"{name}: the saved state's error log does not have {AtaIdentity.Size} bytes.");
    }

    /// <summary>Takes on a state that has been checked, bringing what is out of range into it.</summary>
    public void Apply(AtaDiskState state) => _settings = state with
    {
        MultipleCount = Math.Clamp(state.MultipleCount, 0, AtaIdentity.MostMultiple),
        MultiwordMode = Math.Clamp(state.MultiwordMode, -1, 2),
        UltraMode = Math.Clamp(state.UltraMode, -1, 6),
    };

    private bool IsOnDisk(ulong lba, ulong count)
    {
        var all = disk.Length / Sector;
        return lba <= all && count <= all - lba;
    }

    private AtaAction Flush() => AtaAction.Done with { Steps = [new BlockStep(BlockOperation.Flush, 0, 0)] };

    private AtaAction Transfer(in AtaCommand command, AtaProtocol protocol, bool isExtended, bool mustLast = false)
    {
        var count = CountOf(command, isExtended);
        return LbaOf(command, isExtended) is { } lba ? Transfer(protocol, protocol is AtaProtocol.PioOut or AtaProtocol.DmaOut, lba, count, mustLast)
            : AtaAction.Fail(AtaRegisters.ErrorNotFound);
    }

    /// <summary>The sector count is where others have their features (SATA 3.0 section 13.6.4).</summary>
    private AtaAction TransferQueued(in AtaCommand command) => Transfer(
        AtaProtocol.Queued,
        command.Opcode == (byte)AtaOpcode.WriteQueued,
        command.Lba,
        command.Features == 0 ? 0x1_0000 : command.Features,
        (command.Device & ForceUnitAccess) != 0);

    private AtaAction Transfer(AtaProtocol protocol, bool isWrite, ulong lba, int count, bool mustLast)
    {
        if (!IsOnDisk(lba, (ulong)count))
            return AtaAction.Fail(AtaRegisters.ErrorNotFound);
        if (isWrite && disk.IsReadOnly)
            return AtaAction.Fail(AtaRegisters.ErrorAbort);
        var step = new BlockStep(isWrite ? BlockOperation.Write : BlockOperation.Read, lba * Sector, (ulong)count * Sector);
        var lasts = isWrite && (mustLast || !_settings.WriteCache);
        return new AtaAction(protocol, count * Sector) { Steps = lasts ? [step, new BlockStep(BlockOperation.Flush, 0, 0)] : [step] };
    }

    private AtaAction ManageDataSet(in AtaCommand command)
    {
        const ushort trim = 1;
        if ((command.Features & 0xFF) != trim || command.Count is 0 or > AtaIdentity.MostRangeSectors || disk.IsReadOnly)
            return AtaAction.Fail(AtaRegisters.ErrorAbort);
        return new AtaAction(AtaProtocol.DmaOut, command.Count * Sector) { IsParameter = true };
    }

    private static int CountOf(in AtaCommand command, bool isExtended) => isExtended
        ? command.Count == 0 ? 0x1_0000 : command.Count
        : (command.Count & 0xFF) == 0 ? 0x100 : command.Count & 0xFF;

    /// <summary>The first sector; null if cylinder, head and sector are none.</summary>
    private static ulong? LbaOf(in AtaCommand command, bool isExtended)
    {
        if (isExtended)
            return command.Lba;
        var head = (ulong)(command.Device & 0x0F);
        if ((command.Device & UsesLba) != 0)
            return (command.Lba & 0xFF_FFFF) | head << 24;
        var (sector, cylinder) = (command.Lba & 0xFF, command.Lba >> 8 & 0xFFFF);
        return sector is 0 or > SectorsOfTrack ? null : (cylinder * Heads + head) * SectorsOfTrack + sector - 1;
    }
}
