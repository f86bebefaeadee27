namespace Ringmaster.Devices.Network.E1000;

/// <summary>
/// The EEPROM with addresses and identity: 64 words, read by a register or bit by bit over its Microwire bus. It cannot be written.
/// </summary>
internal sealed class E1000Eeprom
{
    public const int Words = 64;

    private const int ChecksumWord = 0x3F;
    private const ushort ChecksumTotal = 0xBABA;
    private const uint Clock = 1, Select = 2, DataIn = 4, DataOut = 8, WriteEnable = 0x30, Request = 0x40, Grant = 0x80, IsPresent = 0x100;
    private const int ReadDone = 1 << 4, CommandBits = 9;
    private const int ReadCommand = 0b110;

    private readonly ushort[] _content = new ushort[Words];
    private uint _control;
    private int _shift, _count;
    private ushort _output;
    private bool _isReading;

    public E1000Eeprom(MacAddress mac)
    {
        Span<byte> address = stackalloc byte[MacAddress.Size];
        mac.Write(address);
        for (var i = 0; i < 3; i++)
            _content[i] = (ushort)(address[2 * i] | address[2 * i + 1] << 8);
        // Section 5.6: initialization control 1, subsystem, device and vendor, initialization control 2 with both kinds of PAUSE.
        (_content[0x0A], _content[0x0B], _content[0x0C], _content[0x0D], _content[0x0E], _content[0x0F]) =
            (0x4408, E1000Card.Subsystem, E1000Card.Vendor, E1000Card.DeviceId, E1000Card.Vendor, 0x3040);
        ushort sum = 0;
        foreach (var word in _content)
            sum += word;
        _content[ChecksumWord] = (ushort)(ChecksumTotal - sum);
    }

    /// <summary>The register for single bits (section 13.4.3).</summary>
    public uint Control
    {
        get => _control | IsPresent | ((_control & Request) != 0 ? Grant : 0);
        set
        {
            var rises = (value & ~_control & Clock) != 0;
            _control = (value & (Clock | Select | DataIn | WriteEnable | Request)) | (_control & DataOut);
            if ((value & Select) == 0)
                Deselect();
            else if (rises)
                Tick((value & DataIn) != 0 ? 1 : 0);
        }
    }

    /// <summary>Answers the register for whole words (section 13.4.4): the address is in bits 15 to 8, the word in 31 to 16.</summary>
    public uint Read(uint command) =>
        (command & 1) == 0 ? command & 0xFF01 : command & 0xFF00 | ReadDone | (uint)_content[command >> 8 & (Words - 1)] << 16;

    public void Reset()
    {
        _control = 0;
        Deselect();
    }

    public E1000EepromState Capture() => new(_control, _shift, _count, _output, _isReading);

    public void Apply(E1000EepromState state)
    {
        _control = state.Control & (Clock | Select | DataIn | DataOut | WriteEnable | Request);
        (_shift, _count, _output, _isReading) = (state.Shift & 0x1FF, Math.Clamp(state.Count, 0, 16), state.Output, state.IsReading);
        if ((_control & Select) == 0)
            Deselect();
    }

    private void Deselect()
    {
        (_shift, _count, _output, _isReading) = (0, 0, 0, false);
        // Ready for another command.
        _control |= DataOut;
    }

    /// <summary>A command is a one, two bits of operation and six of address; a word follows, and then the next (section 5.3.1).</summary>
    private void Tick(int bit)
    {
        if (_isReading)
        {
            SetOutput(_output >> 15);
            _output <<= 1;
            if (++_count < 16)
                return;
            _shift = (_shift + 1) & (Words - 1);
            (_output, _count) = (_content[_shift], 0);
            return;
        }
        if (_count == 0 && bit == 0)
            return;
        _shift = (_shift << 1 | bit) & 0x1FF;
        if (++_count < CommandBits)
            return;
        _count = 0;
        if (_shift >> 6 != ReadCommand)
        {
            _shift = 0;
            return;
        }
        // A zero comes first.
        SetOutput(0);
        _shift &= Words - 1;
        (_output, _isReading) = (_content[_shift], true);
    }

    private void SetOutput(int bit) => _control = bit != 0 ? _control | DataOut : _control & ~DataOut;
}
