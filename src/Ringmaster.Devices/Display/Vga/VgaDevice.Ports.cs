using Ringmaster.Memory;

namespace Ringmaster.Devices.Display.Vga;

/// <content>The I/O ports.</content>
public sealed partial class VgaDevice
{
    private const ushort DispiIndexPort = 0x1CE, FirstMonoPort = 0x3B4, MonoStatusPort = 0x3BA, FirstPort = 0x3C0;
    private const ushort FirstColourPort = 0x3D4, ColourPorts = 0x3D0, ColourStatusPort = 0x3DA, AnswersPort = 0x3C3;

    /// <summary>Input status register 0: a colour monitor loads the sense wires, no interrupt is pending.</summary>
    private const byte MonitorSensed = 0x10;

    /// <inheritdoc/>
    public uint ReadPort(IoPort port, int size) => port.Value switch
    {
        DispiIndexPort => _dispiIndex,
        // The data are at both ports, aligned and not.
        DispiIndexPort + 1 or DispiIndexPort + 2 => _dispi.Read(_dispiIndex),
        _ => ReadVga(port.Value),
    };

    /// <inheritdoc/>
    public void WritePort(IoPort port, int size, uint value)
    {
        switch (port.Value)
        {
            case DispiIndexPort:
                _dispiIndex = (ushort)value;
                break;
            case DispiIndexPort + 1 or DispiIndexPort + 2:
                WriteDispi(_dispiIndex, (ushort)value);
                break;
            default:
                WriteVga(port.Value, (byte)value);
                break;
        }
    }

    private void WriteDispi(int index, ushort value)
    {
        if (_dispi.Write(index, value))
            _memory.AsSpan().Clear();
        _dac.HasEightBits = _dispi.HasEightBitDac;
        UpdateWindow();
    }

    private byte ReadVga(ushort port)
    {
        const byte nobody = 0xFF;
        if (port == AnswersPort)
            return (byte)(_registers.Answers ? 1 : 0);
        if (!_registers.Answers)
            return nobody;
        // Registers that a monochrome adapter has elsewhere answer at one of two places (miscellaneous output, bit 0).
        if (port is < FirstPort or >= FirstColourPort)
        {
            if (port >= FirstColourPort != _registers.IsColour)
                return nobody;
            port = (ushort)(ColourPorts | (port & 0x0F));
        }
        switch (port)
        {
            case 0x3C0:
                return _registers.AttributeIndex;
            case 0x3C1:
                return _registers.ReadAttribute();
            case 0x3C2:
                return MonitorSensed;
            case 0x3C4:
                return _registers.SequencerIndex;
            case 0x3C5:
                return _registers.ReadSequencer();
            case 0x3C6:
                return _dac.Mask;
            case 0x3C7:
                return _dac.State;
            case 0x3C8:
                return _dac.WriteIndex;
            case 0x3C9:
                return _dac.Read();
            case 0x3CA:
                return _registers.Feature;
            case 0x3CC:
                return _registers.Miscellaneous;
            case 0x3CE:
                return _registers.GraphicsIndex;
            case 0x3CF:
                return _registers.ReadGraphics();
            case FirstColourPort:
                return _registers.CrtcIndex;
            case FirstColourPort + 1:
                return _registers.ReadCrtc();
            case ColourStatusPort:
                _registers.AttributeDataNext = false;
                return _timing.Status(_clock.Now);
            default:
                return nobody;
        }
    }

    private void WriteVga(ushort port, byte value)
    {
        if (port == AnswersPort)
            _registers.Answers = (value & 1) != 0;
        else if (_registers.Answers)
            WriteAnswering(port, value);
        UpdateWindow();
    }

    private void WriteAnswering(ushort port, byte value)
    {
        if (port is < FirstPort or >= FirstColourPort)
        {
            if (port >= FirstColourPort != _registers.IsColour)
                return;
            port = (ushort)(ColourPorts | (port & 0x0F));
        }
        switch (port)
        {
            case 0x3C0:
                _registers.WriteAttribute(value);
                break;
            case 0x3C2:
                _registers.Miscellaneous = value;
                break;
            case 0x3C4:
                _registers.SequencerIndex = value;
                break;
            case 0x3C5:
                _registers.WriteSequencer(value);
                break;
            case 0x3C6:
                _dac.Mask = value;
                break;
            case 0x3C7:
                _dac.StartReading(value);
                break;
            case 0x3C8:
                _dac.StartWriting(value);
                break;
            case 0x3C9:
                _dac.Write(value);
                break;
            case 0x3CE:
                _registers.GraphicsIndex = value;
                break;
            case 0x3CF:
                _registers.WriteGraphics(value);
                break;
            case FirstColourPort:
                _registers.CrtcIndex = value;
                break;
            case FirstColourPort + 1:
                _registers.WriteCrtc(value);
                break;
            case ColourStatusPort:
                _registers.Feature = value;
                break;
        }
    }
}
