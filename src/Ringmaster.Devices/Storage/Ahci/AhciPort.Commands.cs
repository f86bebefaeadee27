using Ringmaster.Devices.Dma;
using Ringmaster.Devices.Storage.Ata;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Storage.Ahci;

/// <summary>Commands, from the list to the device (AHCI 1.3.1 sections 5.5 and 5.6).</summary>
internal sealed partial class AhciPort
{
    /// <summary>Regions of one command: as many pages as the longest transfer touches, and some.</summary>
    private const int MostRegions = 8448;

    /// <summary>While commands hold so many ranges of memory, no other is begun.</summary>
    private const int MostRanges = 8192;

    private const byte SoftwareReset = 4;

    private bool CanBegin => _device is not null && _jobs!.Ranges < MostRanges && (_command & Start) != 0 && !_isHalted && !_isBusy && LinkStatus == LinkUp && _isMaster();

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

    /// <summary>Software resets the device by setting and clearing a bit (SATA 3.0 section 11.4).</summary>
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
            _device!.SoftwareReset();
            ShowSignature(_device);
            StoreSignature();
        }
    }

    private void Begin(int slot, in AhciCommandSlot entry, in AtaCommand command)
    {
        var tag = new AhciTag(slot, command.IsQueued ? AtaProtocol.Queued : AtaProtocol.NonData, 0);
        // A queued command carries its slot in bits 7 to 3 of the sector count, and does not mix with others.
        var isMisplaced = command.IsQueued ? command.Count >> 3 != slot : _jobs!.Count != 0;
        if (!command.IsQueued && !isMisplaced)
            _current = command;
        var action = isMisplaced ? AtaAction.Abort : _device!.Begin(command);
        if (action is { Protocol: AtaProtocol.Packet, Parameter: > 0 and var length } && !TryTakePacket(ref action, command, entry, length))
            return;
        if (action.Error == 0)
        {
            tag = tag with { Protocol = action.Protocol, Length = action.Length };
            if (!TryCollect(entry, action.Length, out var memory) || !TryReceive(ref action, command, memory))
                return;
            if (action.Error == 0)
            {
                CarryOut(tag, action, command, memory);
                return;
            }
        }
        Fail(tag, action, command.Lba, command.Count);
    }

    private bool TryTakePacket(ref AtaAction action, in AtaCommand command, in AhciCommandSlot entry, int length)
    {
        var packet = new byte[length];
        if (!entry.HasPacket || !entry.TryReadPacket(_dma, packet))
        {
            Halt(entry.HasPacket ? AhciInterrupts.HostBusFatal : AhciInterrupts.InterfaceFatal);
            return false;
        }
        action = _device!.Receive(command, packet);
        return true;
    }

    private bool TryCollect(in AhciCommandSlot entry, int length, out ScatterList memory)
    {
        if (!entry.TryCollect(_dma, length, MostRegions, out memory))
            Halt(AhciInterrupts.HostBusFatal);
        else if (memory.Length < (ulong)length)
            Halt(AhciInterrupts.Overflow | AhciInterrupts.InterfaceFatal);
        else
            return true;
        return false;
    }

    /// <summary>Hands over data that the device needs first, if it does.</summary>
    private bool TryReceive(ref AtaAction action, in AtaCommand command, ScatterList memory)
    {
        if (action.Parameter == 0)
            return true;
        var data = new byte[action.Parameter];
        if (!memory.TryRead(_dma, 0, data))
        {
            Halt(AhciInterrupts.HostBusData);
            return false;
        }
        action = _device!.Receive(command, data);
        return true;
    }

    private void CarryOut(AhciTag tag, AtaAction action, in AtaCommand command, ScatterList memory)
    {
        if (action.Steps.Count != 0)
            StartJob(tag, action, memory);
        else if (!memory.TryWrite(_dma, 0, action.Data.Span))
            Halt(AhciInterrupts.HostBusData);
        else
            Succeed(tag, action.Diagnosis, action.Lba ?? command.Lba, action.Count ?? command.Count, action.Device ?? command.Device);
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
        // The device has taken the command and is ready for the next.
        _issued &= ~(1u << tag.Slot);
        _taskFile = AtaRegisters.StatusReady;
        StoreFrame(AhciFis.RegistersOffset, AhciFis.ToRegisters(AtaRegisters.StatusReady, 0, 0, 0, 0, interrupts: false));
    }
}
