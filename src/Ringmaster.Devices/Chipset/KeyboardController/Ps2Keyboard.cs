namespace Ringmaster.Devices.Chipset.KeyboardController;

/// <summary>
/// A 101-key PS/2 keyboard (IBM PS/2 Hardware Interface Technical Reference, "Keyboards"). Keys do not repeat by themselves:
/// a host reports a held key as pressed again.
/// </summary>
internal sealed class Ps2Keyboard
{
    private const byte Acknowledge = 0xFA, Resend = 0xFE, SelfTestPassed = 0xAA, Break = 0xF0, Extended = 0xE0;
    private const byte DefaultTypematic = 0x2B;

    private readonly ByteQueue _answers = new(16);
    private readonly ByteQueue _keys = new(64);
    private byte _scanSet = 2;
    private bool _scanning = true;
    private byte _leds;
    private byte _typematic = DefaultTypematic;
    private byte _awaitsParameterOf;
    private byte _lastSent;

    /// <summary>The lights: bit 0 scroll lock, 1 num lock, 2 caps lock.</summary>
    public byte Leds => _leds;

    public void Reset() => Restore(new Ps2KeyboardState(2, true, 0, DefaultTypematic, 0, 0, [], []));

    /// <summary>The next byte for the controller; answers go before keys.</summary>
    public bool TrySend(out byte value)
    {
        if (!_answers.TryTake(out value) && !_keys.TryTake(out value))
            return false;
        _lastSent = value;
        return true;
    }

    /// <summary>Takes a byte that the controller sends.</summary>
    public void Receive(byte value)
    {
        // A command in place of a parameter cancels the one that waits (parameters are below EDh).
        if (_awaitsParameterOf is var command and not 0 && value < 0xED)
        {
            _awaitsParameterOf = 0;
            TakeParameter(command, value);
            return;
        }
        _awaitsParameterOf = 0;
        switch (value)
        {
            case 0xED or 0xF0 or 0xF3 or 0xFB or 0xFC or 0xFD:
                _awaitsParameterOf = value;
                _answers.TryAdd(Acknowledge);
                break;
            case 0xEE:
                _answers.TryAdd(0xEE);
                break;
            case 0xF2:
                _answers.TryAdd(Acknowledge, 0xAB, 0x83);
                break;
            case 0xF4:
                _keys.Clear();
                _scanning = true;
                _answers.TryAdd(Acknowledge);
                break;
            case 0xF5 or 0xF6:
                SetDefaults();
                _scanning = value == 0xF6;
                _answers.TryAdd(Acknowledge);
                break;
            case >= 0xF7 and <= 0xFA:
                // Key types of scan set 3: every key is make/break here.
                _answers.TryAdd(Acknowledge);
                break;
            case 0xFE:
                _answers.TryAdd(_lastSent);
                break;
            case 0xFF:
                _answers.Clear();
                SetDefaults();
                _leds = 0;
                _scanning = true;
                _answers.TryAdd(Acknowledge, SelfTestPassed);
                break;
            default:
                _answers.TryAdd(Resend);
                break;
        }
    }

    /// <summary>A key goes down or up.</summary>
    public void Report(ScanCode key, bool pressed)
    {
        if (!_scanning || key.Code is 0 or > 0x7F)
            return;
        var fits = _scanSet switch
        {
            1 => ReportSet1(key, pressed),
            3 => ReportSet3(key, pressed),
            _ => ReportSet2(key, pressed),
        };
        // A full buffer ends in an overrun code (00h, in set 1 FFh); its place is always kept free.
        if (!fits && _keys.Room > 0)
            _keys.TryAdd(_scanSet == 1 ? (byte)0xFF : (byte)0x00);
    }

    public Ps2KeyboardState Capture() => new(
        _scanSet, _scanning, _leds, _typematic, _awaitsParameterOf, _lastSent, _answers.ToArray(), _keys.ToArray());

    public void Restore(Ps2KeyboardState state)
    {
        _scanSet = state.ScanSet is 1 or 3 ? state.ScanSet : (byte)2;
        _scanning = state.Scanning;
        _leds = (byte)(state.Leds & 7);
        _typematic = (byte)(state.Typematic & 0x7F);
        _awaitsParameterOf = state.AwaitsParameterOf is 0xED or 0xF0 or 0xF3 or 0xFB or 0xFC or 0xFD ? state.AwaitsParameterOf : (byte)0;
        _lastSent = state.LastSent;
        _answers.Restore(state.Answers);
        _keys.Restore(state.Keys);
    }

    private void SetDefaults()
    {
        _keys.Clear();
        _scanSet = 2;
        _typematic = DefaultTypematic;
    }

    private void TakeParameter(byte command, byte value)
    {
        switch (command)
        {
            case 0xED:
                _leds = (byte)(value & 7);
                break;
            case 0xF3:
                _typematic = (byte)(value & 0x7F);
                break;
            case 0xF0 when value == 0:
                _answers.TryAdd(Acknowledge, _scanSet);
                return;
            case 0xF0 when value <= 3:
                _keys.Clear();
                _scanSet = value;
                break;
            case 0xF0:
                _answers.TryAdd(Resend);
                return;
            default:
                // FBh to FDh take key after key until another command comes.
                _awaitsParameterOf = command;
                break;
        }
        _answers.TryAdd(Acknowledge);
    }

    private bool ReportSet1(ScanCode key, bool pressed)
    {
        var up = pressed ? (byte)0 : (byte)0x80;
        if (key == ScanCode.Pause)
            return !pressed || Queue(0xE1, 0x1D, 0x45, 0xE1, 0x9D, 0xC5);
        if (key == ScanCode.PrintScreen)
            return pressed ? Queue(Extended, 0x2A, Extended, 0x37) : Queue(Extended, 0xB7, Extended, 0xAA);
        return key.Extended ? Queue(Extended, (byte)(key.Code | up)) : Queue((byte)(key.Code | up));
    }

    private bool ReportSet2(ScanCode key, bool pressed)
    {
        if (key == ScanCode.Pause)
            return !pressed || Queue(0xE1, 0x14, 0x77, 0xE1, Break, 0x14, Break, 0x77);
        if (key == ScanCode.PrintScreen)
            return pressed ? Queue(Extended, 0x12, Extended, 0x7C) : Queue(Extended, Break, 0x7C, Extended, Break, 0x12);
        var code = ScanCodeTables.ToSet2(key.Code);
        if (code == 0)
            return true;
        return (key.Extended, pressed) switch
        {
            (false, true) => Queue(code),
            (false, false) => Queue(Break, code),
            (true, true) => Queue(Extended, code),
            (true, false) => Queue(Extended, Break, code),
        };
    }

    private bool ReportSet3(ScanCode key, bool pressed)
    {
        var code = ScanCodeTables.ToSet3(key);
        if (code == 0)
            return true;
        return pressed ? Queue(code) : Queue(Break, code);
    }

    private bool Queue(params ReadOnlySpan<byte> codes) => codes.Length < _keys.Room && _keys.TryAdd(codes);
}
