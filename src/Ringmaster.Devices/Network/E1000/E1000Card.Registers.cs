using Ringmaster.Devices.Pci;
using static Ringmaster.Devices.Network.E1000.E1000Register;

namespace Ringmaster.Devices.Network.E1000;

/// <summary>What reading and writing registers does beyond keeping values.</summary>
public sealed partial class E1000Card
{
    private const uint ResetsAll = 1u << 26, ResetsPhy = 1u << 31, FlushDelay = 1u << 31;
    private const uint MdiWrite = 1 << 26, MdiRead = 2 << 26, MdiOperation = 3 << 26, MdiReady = 1 << 28, MdiInterrupt = 1 << 29, MdiError = 1 << 30;
    private const uint OnlyPhy = 1;

    private uint ReadRegister(int register)
    {
        if (!E1000Registers.IsInside((ulong)register))
            return 0;
        return register switch
        {
            ControlShadow => _registers[Control],
            Status => FullDuplex | Gigabit | (HasLink ? LinkUp : 0),
            EepromControl => _eeprom.Control,
            EepromRead => _eeprom.Read(_registers[EepromRead]),
            Causes => _interrupts.Take(),
            CauseSet or MaskClear => 0,
            >= FirstStatistic and <= LastStatistic => _statistics.Take(register),
            _ => _registers[register],
        };
    }

    private void WriteRegister(int offset, uint value)
    {
        if (!E1000Registers.IsInside((ulong)offset))
            return;
        var register = offset == ControlShadow ? Control : offset;
        switch (register)
        {
            case Control when (value & ResetsAll) != 0:
                ResetController();
                ResetPhy(value);
                return;
            case EepromControl:
                _eeprom.Control = value;
                return;
            case EepromRead:
                _registers[register] = value & 0xFF01;
                return;
            case Mdi:
                WriteMdi(value);
                return;
            case Causes:
                _interrupts.Clear(value);
                return;
            case CauseSet:
                _interrupts.Raise(value);
                return;
            case MaskSet:
                _interrupts.SetMask(_registers[MaskSet] | value);
                return;
            case MaskClear:
                _interrupts.SetMask(_registers[MaskSet] & ~value);
                return;
        }
        var writable = E1000Registers.WritableBits(register);
        if (writable == 0)
            return;
        _registers[register] = (_registers[register] & ~writable) | (value & writable);
        AfterWrite(register, value);
    }

    private void AfterWrite(int register, uint value)
    {
        switch (register)
        {
            case Control:
                ResetPhy(value);
                break;
            case TransmitTail or TransmitControl:
                _transmitter.Work();
                break;
            case ReceiveTail or ReceiveControl or ReceiveLength or ReceiveHead:
                if (_receiver.HasRoomAgain())
                    _backend.ReceiverReady();
                break;
            case ReceiveDelay when (value & FlushDelay) != 0:
                _receiveDelay.Flush();
                break;
            case TransmitDelay when (value & FlushDelay) != 0:
                _transmitter.Delay.Flush();
                break;
        }
    }

    private void ResetPhy(uint control)
    {
        if ((control & ResetsPhy) == 0)
            return;
        _phy.Reset();
        Renegotiate();
    }

    /// <summary>A transceiver's register is read or written (section 13.4.8); that takes no time here.</summary>
    private void WriteMdi(uint value)
    {
        var (phy, register, operation) = (value >> 21 & 31, (int)(value >> 16 & 31), value & MdiOperation);
        var result = value & ~(MdiReady | MdiError) & 0x3FFF_FFFF;
        if (phy != OnlyPhy || operation is not (MdiWrite or MdiRead))
            result |= MdiError;
        else if (operation == MdiRead)
            result = (result & ~0xFFFFu) | _phy.Read(register, HasLink);
        else if (_phy.Write(register, (ushort)value))
            Renegotiate();
        _registers[Mdi] = result | MdiReady;
        if ((value & MdiInterrupt) != 0)
            _interrupts.Raise(E1000Cause.MdiDone);
    }

    private void Renegotiate()
    {
        if (!_isLinkUp)
            return;
        var hadLink = HasLink;
        Negotiate();
        if (hadLink)
            LinkChanged();
    }
}
