using Ringmaster.Devices.Storage.Ata;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Storage.Ahci;

/// <summary>How software is told of the ends of commands (AHCI 1.3.1 sections 5.5 and 6.2).</summary>
internal sealed partial class AhciPort
{
    /// <inheritdoc/>
    public bool GiveUp()
    {
        if (!_isBusy)
            return false;
        _jobs!.Cancel(_ => true);
        _isBusy = false;
        return true;
    }

    /// <inheritdoc/>
    public void End(AtaAction refusal)
    {
        // A command that is not queued is the one that was begun last.
        Fail(new AhciTag(_slot, AtaProtocol.NonData, 0), refusal, 0, 0);
        _changed();
    }

    /// <summary>The device has done its work for a command, or failed to.</summary>
    private void Ended(BlockJob job, BlockStatus outcome)
    {
        var tag = AhciTag.From(job.Tag);
        if (!tag.IsQueued)
            _isBusy = false;
        if (outcome == BlockStatus.Done)
        {
            Succeed(tag, 0, 0, tag.IsPacket ? AtaRegisters.StatusPhase : (ushort)0, 0);
        }
        else
        {
            var command = tag.IsQueued ? new AtaCommand((byte)AtaOpcode.ReadQueued, 0, 0, 0, 0) : _current;
            Fail(tag, _device!.Refuse(command, job.Current, outcome), 0, (ushort)(job.Current.Length / BlockRequest.SectorSize));
        }
        Work();
        _changed();
    }

    private void Succeed(AhciTag tag, byte error, ulong lba, ushort count, byte device)
    {
        if (tag.IsQueued)
        {
            if (!StoreFrame(AhciFis.DeviceBitsOffset, AhciFis.ToDeviceBits(AtaRegisters.StatusReady, 0, 1u << tag.Slot)))
                return;
            _active &= ~(1u << tag.Slot);
            _interrupts |= AhciInterrupts.DeviceBits;
            return;
        }
        _taskFile = (uint)error << 8 | AtaRegisters.StatusReady;
        var isPioIn = tag.Protocol == AtaProtocol.PioIn || (tag.Protocol == AtaProtocol.Packet && tag.Length != 0);
        if (isPioIn && !StorePioSetup(tag, lba, count, device))
            return;
        // Data by PIO ends with its last block, but packets end with registers.
        if (!isPioIn || tag.IsPacket)
        {
            if (!StoreFrame(AhciFis.RegistersOffset, AhciFis.ToRegisters(AtaRegisters.StatusReady, error, lba, count, device, interrupts: true)))
                return;
            _interrupts |= AhciInterrupts.Registers;
        }
        // Whether the header is still where it was is software's business; nothing but the count is lost if it is not.
        if (AhciCommandSlot.TryRead(_dma, new GuestPhysicalAddress(_list) + (ulong)(tag.Slot * AhciCommandSlot.HeaderSize), out var entry))
            entry.TryStoreCount(_dma, tag.Length);
        _issued &= ~(1u << tag.Slot);
    }

    /// <summary>The frame that announces data by PIO; the last of them is what stays.</summary>
    private bool StorePioSetup(AhciTag tag, ulong lba, ushort count, byte device)
    {
        var frame = tag.IsPacket
            ? AhciFis.ToPioSetup((ushort)Math.Min(tag.Length, AtapiDrive.MostLimit), lba, AtaRegisters.DataInPhase, device)
            : AhciFis.ToPioSetup((ushort)Math.Min(tag.Length, BlockRequest.SectorSize), lba, count, device);
        if (!StoreFrame(AhciFis.PioSetupOffset, frame))
            return false;
        _interrupts |= AhciInterrupts.PioSetup;
        return true;
    }

    /// <summary>An error ends all queued commands, and stops the port. The command's bit stays set (section 6.2.2).</summary>
    /// <param name="tag">The command.</param>
    /// <param name="action">Its end.</param>
    /// <param name="lba">What the LBA registers hold if nothing is returned in them.</param>
    /// <param name="count">What the sector count register holds then.</param>
    private void Fail(AhciTag tag, AtaAction action, ulong lba, ushort count)
    {
        const byte status = AtaRegisters.StatusReady | AtaRegisters.StatusError;
        (lba, count) = (action.Lba ?? lba, action.Count ?? count);
        _jobs!.Cancel(_ => true);
        _taskFile = (uint)action.Error << 8 | status;
        Halt(AhciInterrupts.TaskFile);
        if (tag.IsQueued)
        {
            (_device as AtaDisk)?.NoteQueueError(tag.Slot, status, action.Error, lba, count);
            if (StoreFrame(AhciFis.DeviceBitsOffset, AhciFis.ToDeviceBits(status, action.Error, 0)))
                _interrupts |= AhciInterrupts.DeviceBits;
        }
        else if (StoreFrame(AhciFis.RegistersOffset, AhciFis.ToRegisters(status, action.Error, lba, count, action.Device ?? 0, interrupts: true)))
        {
            _interrupts |= AhciInterrupts.Registers;
        }
    }
}
