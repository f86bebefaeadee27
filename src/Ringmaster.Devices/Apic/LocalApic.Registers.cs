namespace Ringmaster.Devices.Apic;

/// <content>The registers, as both interfaces reach them, and what writing them does.</content>
public sealed partial class LocalApic
{
    /// <summary>Reads the register page of xAPIC mode.</summary>
    /// <param name="offset">0 to FFFh.</param>
    /// <param name="size">1 to 8 bytes. Only aligned 32-bit reads are architectural; others see what lies where, without side effects.</param>
    public ulong ReadMmio(uint offset, int size)
    {
        if (MmioBase is null)
            return ulong.MaxValue >> (64 - Math.Clamp(size, 1, 8) * 8);
        var within = (int)(offset & 0xF);
        if (offset >= 0x400 || within >= 4)
            return 0;
        if (!TryReadRegister((ApicRegister)(offset >> 4), out var value))
        {
            ReportError(ApicErrors.IllegalRegister);
            return 0;
        }
        var bytes = Math.Min(size, 4 - within);
        return bytes <= 0 ? 0 : (value >> (within * 8)) & (uint.MaxValue >> (32 - bytes * 8));
    }

    /// <summary>Writes the register page of xAPIC mode.</summary>
    /// <param name="offset">0 to FFFh.</param>
    /// <param name="size">1 to 8 bytes; anything but an aligned 32-bit write is ignored.</param>
    /// <param name="value">What is written.</param>
    public void WriteMmio(uint offset, int size, ulong value)
    {
        if (MmioBase is null || size != 4 || (offset & 0xF) != 0 || offset >= 0x400)
            return;
        if (!TryWriteRegister((ApicRegister)(offset >> 4), (uint)value))
            ReportError(ApicErrors.IllegalRegister);
    }

    private uint WritableSpuriousVector => 0x3FFu | (_features.EoiBroadcastSuppression ? SuppressEoiBit : 0);

    // SDM 3A 11.12.10.2: sixteen logical IDs to a cluster, derived from the ID.
    private uint X2ApicLogicalId => (ApicId >> 4 << 16) | (1u << (int)(ApicId & 15));

    // SDM 3A 11.4.8: an integrated APIC; the highest LVT entry is 5, or 6 with CMCI.
    private uint Version =>
        0x14u | ((_features.CorrectedMachineCheck ? 6u : 5u) << 16) | (_features.EoiBroadcastSuppression ? 1u << 24 : 0);

    /// <returns>False if the APIC has no such register.</returns>
    private bool TryReadRegister(ApicRegister register, out uint value)
    {
        switch (register)
        {
            case ApicRegister.Id:
                value = IsX2Apic ? ApicId : (uint)_id << 24;
                return true;
            case ApicRegister.Version:
                value = Version;
                return true;
            case ApicRegister.TaskPriority:
                value = _taskPriority;
                return true;
            case ApicRegister.ArbitrationPriority:
                value = ArbitrationPriority;
                return true;
            case ApicRegister.ProcessorPriority:
                value = ProcessorPriority;
                return true;
            case ApicRegister.Eoi or ApicRegister.RemoteRead:
                value = 0;
                return true;
            case ApicRegister.LogicalDestination:
                value = IsX2Apic ? X2ApicLogicalId : _logicalDestination;
                return true;
            case ApicRegister.DestinationFormat:
                value = _destinationFormat;
                return true;
            case ApicRegister.SpuriousVector:
                value = _spuriousVector;
                return true;
            case >= ApicRegister.InService0 and < ApicRegister.TriggerMode0:
                value = _inService[register - ApicRegister.InService0];
                return true;
            case >= ApicRegister.TriggerMode0 and < ApicRegister.Request0:
                value = _triggerMode[register - ApicRegister.TriggerMode0];
                return true;
            case >= ApicRegister.Request0 and < ApicRegister.ErrorStatus:
                value = _requests[register - ApicRegister.Request0];
                return true;
            case ApicRegister.ErrorStatus:
                value = (uint)_errorStatus;
                return true;
            case ApicRegister.CommandLow:
                value = (uint)_command;
                return true;
            case ApicRegister.CommandHigh:
                value = (uint)(_command >> 32);
                return true;
            case ApicRegister.InitialCount:
                value = _timer.InitialCount;
                return true;
            case ApicRegister.CurrentCount:
                value = _timer.CurrentCount;
                return true;
            case ApicRegister.DivideConfiguration:
                value = _timer.DivideConfiguration;
                return true;
            default:
                value = 0;
                if (LvtIndex(register) is not { } entry)
                    return false;
                value = _lvt[entry].Value | (entry == LvtLint0 && _lint0RemoteIrr ? LvtEntry.RemoteIrrBit : 0);
                return true;
        }
    }

    /// <summary>Writes a register of xAPIC mode, or one that both modes share; bits that cannot be written are ignored.</summary>
    /// <returns>False if the APIC has no such register.</returns>
    private bool TryWriteRegister(ApicRegister register, uint value)
    {
        switch (register)
        {
            case ApicRegister.Id:
                _id = (byte)(value >> 24);
                return true;
            case ApicRegister.TaskPriority:
                _taskPriority = (byte)value;
                Signal();
                return true;
            case ApicRegister.Eoi:
                EndOfInterrupt();
                return true;
            case ApicRegister.LogicalDestination:
                _logicalDestination = value & 0xFF00_0000;
                return true;
            case ApicRegister.DestinationFormat:
                _destinationFormat = value | 0x0FFF_FFFF;
                return true;
            case ApicRegister.SpuriousVector:
                WriteSpuriousVector(value & WritableSpuriousVector);
                return true;
            case ApicRegister.ErrorStatus:
                _errorStatus = _newErrors;
                _newErrors = ApicErrors.None;
                return true;
            case ApicRegister.CommandHigh:
                _command = (uint)_command | ((ulong)(value & 0xFF00_0000) << 32);
                return true;
            case ApicRegister.CommandLow:
                WriteCommand((_command & 0xFFFF_FFFF_0000_0000) | (value & InterruptCommand.WritableLow));
                return true;
            case ApicRegister.InitialCount:
                _timer.Start(value);
                return true;
            case ApicRegister.DivideConfiguration:
                _timer.Divide(value);
                return true;
            case ApicRegister.Version or ApicRegister.ArbitrationPriority or ApicRegister.ProcessorPriority
                or ApicRegister.RemoteRead or ApicRegister.CurrentCount
                or (>= ApicRegister.InService0 and < ApicRegister.ErrorStatus):
                return true;
            default:
                if (LvtIndex(register) is not { } entry)
                    return false;
                WriteLvt(entry, value);
                return true;
        }
    }

    private int? LvtIndex(ApicRegister register) => register switch
    {
        ApicRegister.LvtCorrectedMachineCheck when _features.CorrectedMachineCheck => LvtCmci,
        >= ApicRegister.LvtTimer and <= ApicRegister.LvtError => register - ApicRegister.LvtTimer + LvtTimer,
        _ => null,
    };

    private void WriteLvt(int index, uint value)
    {
        var entry = new LvtEntry(value & LvtEntry.Writable(LvtRegister(index), _features));
        // SDM 3A 11.4.7.2: mask bits cannot be cleared while the APIC is software-disabled.
        if (!IsSoftwareEnabled)
            entry = entry.Masked;
        if (index == LvtTimer)
            _timer.Configure(entry);
        _lvt[index] = entry;
        if (index == LvtLint0)
        {
            if (!IsLint0Level)
                _lint0RemoteIrr = false;
            ServeLint0Level();
        }
        if (index is LvtLint0 or LvtLint1 && IsExtIntAsserted)
            Signal();
    }

    private void WriteSpuriousVector(uint value)
    {
        var wasEnabled = IsSoftwareEnabled;
        _spuriousVector = value;
        if (IsSoftwareEnabled)
        {
            if (!wasEnabled)
                _wiring.Bus.ReceiversChanged();
            return;
        }
        for (var i = 0; i < LvtCount; i++)
            _lvt[i] = _lvt[i].Masked;
        _timer.Configure(_lvt[LvtTimer]);
    }

    /// <summary>SDM 3A 11.8.5: the highest interrupt in service is done; a level interrupt's EOI goes to the I/O APICs.</summary>
    private void EndOfInterrupt()
    {
        if (_inService.Highest is not (>= 0 and var highest))
            return;
        var vector = (byte)highest;
        _inService.Set(vector, false);
        if (_triggerMode.Contains(vector))
        {
            if (_lint0RemoteIrr && _lvt[LvtLint0].Vector == vector)
            {
                _lint0RemoteIrr = false;
                ServeLint0Level();
            }
            if ((_spuriousVector & SuppressEoiBit) == 0)
                _wiring.Bus.BroadcastEoi(vector);
        }
        Signal();
    }

    private void WriteCommand(ulong value)
    {
        _command = value;
        var command = new InterruptCommand(value);
        if (command.IsInitDeassert)
            return;
        if (command.Mode is DeliveryMode.Fixed or DeliveryMode.LowestPriority && command.Vector < 16)
            ReportIllegalSend(command.Shorthand is DestinationShorthand.Self or DestinationShorthand.AllIncludingSelf);
        else
            _wiring.Bus.SendIpi(this, command);
    }

    private void WriteSelfIpi(byte vector)
    {
        if (vector < 16)
            ReportIllegalSend(toSelf: true);
        else
            Accept(DeliveryMode.Fixed, vector, isLevel: false);
    }

    // SDM 3A 11.5.3: an illegal vector is not sent; one to oneself is both sent and received.
    private void ReportIllegalSend(bool toSelf)
    {
        ReportError(ApicErrors.SendIllegalVector);
        if (toSelf)
            ReportError(ApicErrors.ReceiveIllegalVector);
    }
}
