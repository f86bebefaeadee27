using Ringmaster.Devices.Dma;
using Ringmaster.Devices.Storage.Ata;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Storage.Ahci;

/// <summary>Commands, from the list to the end that software is told of (AHCI 1.3.1 sections 5.5 and 5.6).</summary>
internal sealed partial class AhciPort
{
    /// <summary>Regions of one command: as many pages as the longest transfer touches, and some.</summary>
    private const int MostRegions = 8448;

    /// <summary>While commands hold so many ranges of memory, no other is begun.</summary>
    private const int MostRanges = 8192;

    private const byte SoftwareReset = 4;

    private bool CanBegin => _ata is not null && _jobs!.Ranges < MostRanges && (_command & Start) != 0 && !_isHalted && !_isBusy && LinkStatus == LinkUp && _isMaster();

    /// <summary>Begins what has been issued, slot by slot.</summary>
    private void Work()
    {
        for (var passed = 0; passed < Slots && _issued != 0 && CanBegin;)
        {
            var candidate = (_slot + passed) % Slots;
            if ((_issued >> candidate & 1) != 0)
            {
                (_slot, passed) = (candidate, 0);
                Begin(candidate);
            }
            passed++;
        }
    }

    private void Begin(int slot)
    {
        Span<byte> fis = stackalloc byte[AhciFis.CommandSize];
        if (!AhciCommandSlot.TryRead(_dma, new GuestPhysicalAddress(_list) + (ulong)(slot * AhciCommandSlot.HeaderSize), out var entry)
            || !entry.TryReadFrame(_dma, fis))
        {
            Halt(AhciInterrupts.HostBusFatal);
            return;
        }
        if (!AhciFis.IsFromHost(fis))
        {
            Halt(AhciInterrupts.InterfaceFatal);
            return;
        }
        if (AhciFis.IsCommand(fis) && !_isInSoftReset)
        {
            Begin(slot, entry, AhciFis.Command(fis));
            return;
        }
        _issued &= ~(1u << slot);
        if (!AhciFis.IsCommand(fis))
            WriteControl(AhciFis.Control(fis));
    }

    /// <summary>Software resets the disk by setting and clearing a bit (SATA 3.0 section 11.4).</summary>
    private void WriteControl(byte control)
    {
        var wasInReset = _isInSoftReset;
        _isInSoftReset = (control & SoftwareReset) != 0;
        if (_isInSoftReset)
        {
            _jobs!.Cancel(_ => true);
            _active = 0;
        }
        else if (wasInReset)
        {
            _ata!.Reset();
            (_taskFile, _signature) = (Signed, DiskSignature);
            StoreSignature();
        }
    }

    private void Begin(int slot, in AhciCommandSlot entry, in AtaCommand command)
    {
        var action = _ata!.Begin(command);
        var isQueued = (AtaOpcode)command.Opcode is AtaOpcode.ReadQueued or AtaOpcode.WriteQueued;
        var tag = new AhciTag(slot, isQueued ? AtaProtocol.Queued : action.Protocol, action.Length);
        // A queued command carries its slot in bits 7 to 3 of the sector count, and does not mix with others.
        var isMisplaced = tag.IsQueued ? command.Count >> 3 != slot : _jobs!.Count != 0;
        if (isMisplaced)
            action = AtaAction.Fail(AtaRegisters.ErrorAbort);
        if (action.Error != 0)
        {
            Fail(tag, action.Error, command.Lba, command.Count);
            return;
        }
        if (!entry.TryCollect(_dma, action.Length, MostRegions, out var memory))
        {
            Halt(AhciInterrupts.HostBusFatal);
            return;
        }
        if (memory.Length < (ulong)action.Length)
        {
            Halt(AhciInterrupts.Overflow | AhciInterrupts.InterfaceFatal);
            return;
        }
        if (action.IsParameter && !TryReceive(ref action, command, memory))
        {
            Halt(AhciInterrupts.HostBusData);
            return;
        }
        if (action.Error != 0)
            Fail(tag, action.Error, command.Lba, command.Count);
        else if (action.Steps.Count != 0)
            StartJob(tag, action, memory);
        else if (!memory.TryWrite(_dma, 0, action.Data.Span))
            Halt(AhciInterrupts.HostBusData);
        else
            Succeed(tag, action.Diagnosis, action.Lba ?? command.Lba, action.Count ?? command.Count, action.Device ?? command.Device);
    }

    private bool TryReceive(ref AtaAction action, in AtaCommand command, ScatterList memory)
    {
        var data = new byte[action.Length];
        if (!memory.TryRead(_dma, 0, data))
            return false;
        action = _ata!.Receive(command, data);
        return true;
    }

    private void StartJob(AhciTag tag, AtaAction action, ScatterList memory)
    {
        var moves = action.Steps[0].Moves;
        if (!_jobs!.TryStart(new BlockJob(tag.Value, action.Steps, moves ? memory : null)))
        {
            Halt(AhciInterrupts.HostBusData);
            return;
        }
        if (!tag.IsQueued)
        {
            _isBusy = true;
            _taskFile = AtaRegisters.StatusReady | AtaRegisters.StatusBusy;
            return;
        }
        // The disk has taken the command and is ready for the next.
        _issued &= ~(1u << tag.Slot);
        _taskFile = AtaRegisters.StatusReady;
        StoreFrame(AhciFis.RegistersOffset, AhciFis.ToRegisters(AtaRegisters.StatusReady, 0, 0, 0, 0, interrupts: false));
    }

    /// <summary>The disk has done its work for a command, or failed to.</summary>
    private void Ended(BlockJob job, BlockStatus outcome)
    {
        var tag = AhciTag.From(job.Tag);
        if (!tag.IsQueued)
            _isBusy = false;
        var error = AtaDisk.ErrorOf(outcome, job.Current.Operation);
        if (error != 0)
            Fail(tag, error, job.Current.Offset / BlockRequest.SectorSize, (ushort)(job.Current.Length / BlockRequest.SectorSize));
        else
            Succeed(tag, 0, 0, 0, 0);
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
        var isPioIn = tag.Protocol == AtaProtocol.PioIn;
        var block = (ushort)Math.Min(tag.Length, BlockRequest.SectorSize);
        var isStored = isPioIn
            ? StoreFrame(AhciFis.PioSetupOffset, AhciFis.ToPioSetup(block, lba, count, device))
            : StoreFrame(AhciFis.RegistersOffset, AhciFis.ToRegisters(AtaRegisters.StatusReady, error, lba, count, device, interrupts: true));
        if (!isStored)
            return;
        // Whether the header is still where it was is software's business; nothing but the count is lost if it is not.
        if (AhciCommandSlot.TryRead(_dma, new GuestPhysicalAddress(_list) + (ulong)(tag.Slot * AhciCommandSlot.HeaderSize), out var entry))
            entry.TryStoreCount(_dma, tag.Length);
        _issued &= ~(1u << tag.Slot);
        _interrupts |= isPioIn ? AhciInterrupts.PioSetup : AhciInterrupts.Registers;
    }

    /// <summary>An error ends all queued commands, and stops the port. The command's bit stays set (section 6.2.2).</summary>
    private void Fail(AhciTag tag, byte error, ulong lba, ushort count)
    {
        const byte status = AtaRegisters.StatusReady | AtaRegisters.StatusError;
        _jobs!.Cancel(_ => true);
        _taskFile = (uint)error << 8 | status;
        Halt(AhciInterrupts.TaskFile);
        if (tag.IsQueued)
        {
            _ata!.NoteQueueError(tag.Slot, status, error, lba, count);
            if (StoreFrame(AhciFis.DeviceBitsOffset, AhciFis.ToDeviceBits(status, error, 0)))
                _interrupts |= AhciInterrupts.DeviceBits;
        }
        else if (StoreFrame(AhciFis.RegistersOffset, AhciFis.ToRegisters(status, error, lba, count, 0, interrupts: true)))
        {
            _interrupts |= AhciInterrupts.Registers;
        }
    }
}
