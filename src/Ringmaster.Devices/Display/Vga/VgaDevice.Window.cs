using Ringmaster.Memory;

namespace Ringmaster.Devices.Display.Vga;

/// <content>The memory between A0000h and BFFFFh.</content>
public sealed partial class VgaDevice
{
    private const uint WindowAddress = 0xA_0000, WindowSize = 0x2_0000;

    // What the registers make of the window; worked out when they change, so that an access is short.
    private uint _windowStart;
    private uint _windowLength;
    private uint _windowBase;
    private bool _windowIsLinear;

    /// <inheritdoc/>
    public ulong ReadMmio(GuestPhysicalAddress address, int size)
    {
        var offset = (uint)(address.Value - WindowAddress) - _windowStart;
        ulong value = 0;
        for (var i = 0; i < size; i++, offset++)
        {
            byte each = 0xFF;
            if (offset < _windowLength)
                each = _windowIsLinear ? _memory[(int)((_windowBase + offset) & (uint)(_memory.Length - 1))] : _planes.Read(offset, _windowBase);
            value |= (ulong)each << (i * 8);
        }
        return value;
    }

    /// <inheritdoc/>
    public void WriteMmio(GuestPhysicalAddress address, int size, ulong value)
    {
        var offset = (uint)(address.Value - WindowAddress) - _windowStart;
        for (var i = 0; i < size; i++, offset++, value >>= 8)
        {
            if (offset >= _windowLength)
                continue;
            if (_windowIsLinear)
                _memory[(int)((_windowBase + offset) & (uint)(_memory.Length - 1))] = (byte)value;
            else
                _planes.Write(offset, _windowBase, (byte)value);
        }
    }

    private void UpdateWindow()
    {
        (_windowStart, _windowLength) = _registers.MemoryMap switch
        {
            0 => (0u, 0x2_0000u),
            1 => (0u, 0x1_0000u),
            2 => (0x1_0000u, 0x8000u),
            _ => (0x1_8000u, 0x8000u),
        };
        // The Bochs interface shows video memory there as it is, a bank at a time.
        var isBanked = _dispi.IsEnabled;
        _windowIsLinear = isBanked && !_dispi.IsPlanar;
        _windowBase = isBanked ? (uint)_dispi.Bank * DispiRegisters.BankSize : 0;
        if (!_registers.Answers || (!_registers.MemoryEnabled && !_windowIsLinear))
            _windowLength = 0;
    }
}
