namespace Ringmaster.Devices.Apic;

/// <content>The model-specific registers: mode control, the x2APIC interface, the TSC deadline.</content>
public sealed partial class LocalApic
{
    private const uint MsrApicBase = 0x1B, MsrTscDeadline = 0x6E0, MsrX2ApicFirst = 0x800, MsrX2ApicLast = 0x8FF;

    /// <summary>Whether an MSR belongs to the local APIC: 1Bh, 6E0h, 800h to 8FFh.</summary>
    public static bool OwnsMsr(uint msr) => msr is MsrApicBase or MsrTscDeadline or (>= MsrX2ApicFirst and <= MsrX2ApicLast);

    /// <summary>RDMSR.</summary>
    /// <returns>False if the processor raises #GP(0).</returns>
    public bool TryReadMsr(uint msr, out ulong value)
    {
        value = 0;
        switch (msr)
        {
            case MsrApicBase:
                value = _base.Value;
                return true;
            case MsrTscDeadline:
                value = _timer.TscDeadline;
                return _features.TscDeadline;
            case >= MsrX2ApicFirst and <= MsrX2ApicLast when IsX2Apic:
                return TryReadX2Apic(msr - MsrX2ApicFirst, out value);
            default:
                return false;
        }
    }

    /// <summary>WRMSR.</summary>
    /// <returns>False if the processor raises #GP(0); nothing has changed then.</returns>
    public bool TryWriteMsr(uint msr, ulong value)
    {
        switch (msr)
        {
            case MsrApicBase:
                return TryWriteBase(new ApicBaseRegister(value));
            case MsrTscDeadline:
                if (_features.TscDeadline)
                    _timer.SetDeadline(value);
                return _features.TscDeadline;
            case >= MsrX2ApicFirst and <= MsrX2ApicLast when IsX2Apic:
                return TryWriteX2Apic(msr - MsrX2ApicFirst, value);
            default:
                return false;
        }
    }

    private bool TryWriteBase(ApicBaseRegister next)
    {
        if ((next.Value & ApicBaseRegister.Reserved(_features)) != 0 || !_base.AllowsTransitionTo(next))
            return false;
        var previous = _base;
        _base = next;
        // SDM 3A 11.4.3: what was programmed may be lost by a global disable; it is.
        if (previous.IsEnabled && !next.IsEnabled)
        {
            _id = (byte)ApicId;
            ResetRegisters();
        }
        if (previous.IsEnabled != next.IsEnabled)
            Signal();
        return true;
    }

    /// <summary>The readable registers of SDM 3A table 11-6.</summary>
    private bool TryReadX2Apic(uint index, out ulong value)
    {
        value = 0;
        if (index > (uint)ApicRegister.SelfIpi)
            return false;
        var register = (ApicRegister)index;
        switch (register)
        {
            case ApicRegister.ArbitrationPriority or ApicRegister.Eoi or ApicRegister.RemoteRead or ApicRegister.DestinationFormat
                or ApicRegister.CommandHigh or ApicRegister.SelfIpi:
                return false;
            case ApicRegister.CommandLow:
                value = _command;
                return true;
            default:
                var exists = TryReadRegister(register, out var low);
                value = low;
                return exists;
        }
    }

    /// <summary>The writable registers of SDM 3A table 11-6 with their reserved bits.</summary>
    private bool TryWriteX2Apic(uint index, ulong value)
    {
        if (index > (uint)ApicRegister.SelfIpi)
            return false;
        var register = (ApicRegister)index;
        if (X2ApicLegalBits(register) is not { } legal || (value & ~legal) != 0)
            return false;
        switch (register)
        {
            case ApicRegister.CommandLow:
                WriteCommand(value & ~(ulong)InterruptCommand.StatusBit);
                return true;
            case ApicRegister.SelfIpi:
                WriteSelfIpi((byte)value);
                return true;
            default:
                return TryWriteRegister(register, (uint)value);
        }
    }

    /// <summary>Bits that WRMSR may set without #GP, read-only status bits included; null for what cannot be written at all.</summary>
    private ulong? X2ApicLegalBits(ApicRegister register) => register switch
    {
        ApicRegister.TaskPriority or ApicRegister.SelfIpi => 0xFF,
        ApicRegister.Eoi or ApicRegister.ErrorStatus => 0,
        ApicRegister.SpuriousVector => WritableSpuriousVector,
        ApicRegister.CommandLow => 0xFFFF_FFFF_0000_0000 | InterruptCommand.WritableLow | InterruptCommand.StatusBit,
        ApicRegister.InitialCount => uint.MaxValue,
        ApicRegister.DivideConfiguration => 0xB,
        ApicRegister.LvtLint0 or ApicRegister.LvtLint1 =>
            LvtEntry.Writable(register, _features) | LvtEntry.StatusBit | LvtEntry.RemoteIrrBit,
        _ when LvtIndex(register) is not null => LvtEntry.Writable(register, _features) | LvtEntry.StatusBit,
        _ => null,
    };
}
