using Ringmaster.Devices.Input;

namespace Ringmaster.Devices.Chipset.KeyboardController;

/// <summary>
/// A PS/2 mouse with three buttons (IBM PS/2 Hardware Interface Technical Reference, "Mouse") and a wheel, which it reports once it
/// was asked for by sample rates of 200, 100 and 80 (Microsoft, "Windows Platform Design Notes: Keyboard and Mouse").
/// </summary>
internal sealed class Ps2Mouse
{
    private const byte Acknowledge = 0xFA, Resend = 0xFE, SelfTestPassed = 0xAA, Plain = 0x00, WithWheel = 0x03;
    private const byte DefaultResolution = 2, DefaultSampleRate = 100;
    private const int Furthest = 255, MostNotches = 7, WheelKnock = 0xC8_64_50;

    // Movement that a guest never fetches must not grow for ever.
    private const int FurthestPending = 1 << 16;

    private readonly ByteQueue _output = new(16);
    private bool _reporting;
    private bool _remote;
    private bool _wrap;
    private bool _scaleByTwo;
    private byte _resolution = DefaultResolution;
    private byte _sampleRate = DefaultSampleRate;
    private PointerButtons _buttons;
    private PointerButtons _reportedButtons;
    private int _movedX;
    private int _movedY;
    private int _turned;
    private byte _identity;
    private int _lastRates;
    private byte _awaitsParameterOf;
    private byte _lastSent;

    public void Reset() => Restore(
        new Ps2MouseState(false, false, false, false, DefaultResolution, DefaultSampleRate, 0, 0, 0, 0, 0, Plain, 0, 0, 0, []));

    /// <summary>The next byte for the controller.</summary>
    public bool TrySend(out byte value)
    {
        Report();
        if (!_output.TryTake(out value))
            return false;
        _lastSent = value;
        return true;
    }

    /// <summary>The mouse is moved or its buttons change.</summary>
    public void Move(int right, int up, PointerButtons buttons)
    {
        _movedX = Math.Clamp(_movedX + Math.Clamp(right, -FurthestPending, FurthestPending), -FurthestPending, FurthestPending);
        _movedY = Math.Clamp(_movedY + Math.Clamp(up, -FurthestPending, FurthestPending), -FurthestPending, FurthestPending);
        _buttons = buttons & (PointerButtons.Left | PointerButtons.Right | PointerButtons.Middle);
        Report();
    }

    /// <summary>The wheel is turned; <see cref="Move"/> reports it.</summary>
    /// <param name="away">Notches away from the hand.</param>
    public void Turn(int away)
    {
        if (_identity == WithWheel)
            _turned = Math.Clamp(_turned + Math.Clamp(away, -FurthestPending, FurthestPending), -FurthestPending, FurthestPending);
    }

    /// <summary>Takes a byte that the controller sends.</summary>
    public void Receive(byte value)
    {
        if (_awaitsParameterOf is var command and not 0)
        {
            _awaitsParameterOf = 0;
            TakeParameter(command, value);
            return;
        }
        if (_wrap && value is not (0xEC or 0xFF))
        {
            _output.TryAdd(value);
            return;
        }
        // A command drops what was still to be sent, movement packets included.
        if (value != Resend)
            _output.Clear();
        switch (value)
        {
            case 0xE6 or 0xE7:
                _scaleByTwo = value == 0xE7;
                _output.TryAdd(Acknowledge);
                break;
            case 0xE8 or 0xF3:
                _awaitsParameterOf = value;
                _output.TryAdd(Acknowledge);
                break;
            case 0xE9:
                _output.TryAdd(Acknowledge, Status, _resolution, _sampleRate);
                break;
            case 0xEA or 0xF0:
                _remote = value == 0xF0;
                ForgetMovement();
                _output.TryAdd(Acknowledge);
                break;
            case 0xEB:
                _output.TryAdd(Acknowledge);
                SendPacket();
                break;
            case 0xEC or 0xEE:
                _wrap = value == 0xEE;
                ForgetMovement();
                _output.TryAdd(Acknowledge);
                break;
            case 0xF2:
                _output.TryAdd(Acknowledge, _identity);
                break;
            case 0xF4 or 0xF5:
                _reporting = value == 0xF4;
                ForgetMovement();
                _output.TryAdd(Acknowledge);
                break;
            case 0xF6:
                SetDefaults();
                _output.TryAdd(Acknowledge);
                break;
            case 0xFE:
                _output.TryAdd(_lastSent);
                break;
            case 0xFF:
                SetDefaults();
                _identity = Plain;
                _lastRates = 0;
                _output.TryAdd(Acknowledge, SelfTestPassed, Plain);
                break;
            default:
                _output.TryAdd(Resend);
                break;
        }
    }

    public Ps2MouseState Capture() => new(
        _reporting, _remote, _wrap, _scaleByTwo, _resolution, _sampleRate, (byte)_buttons, (byte)_reportedButtons, _movedX, _movedY,
        _turned, _identity, _lastRates, _awaitsParameterOf, _lastSent, _output.ToArray());

    public void Restore(Ps2MouseState state)
    {
        _reporting = state.Reporting;
        _remote = state.Remote;
        _wrap = state.Wrap;
        _scaleByTwo = state.ScaleByTwo;
        _resolution = (byte)(state.Resolution & 3);
        _sampleRate = state.SampleRate;
        _buttons = (PointerButtons)(state.Buttons & 7);
        _reportedButtons = (PointerButtons)(state.ReportedButtons & 7);
        _movedX = Math.Clamp(state.MovedX, -FurthestPending, FurthestPending);
        _movedY = Math.Clamp(state.MovedY, -FurthestPending, FurthestPending);
        _turned = Math.Clamp(state.Turned, -FurthestPending, FurthestPending);
        _identity = state.Identity == WithWheel ? WithWheel : Plain;
        _lastRates = state.LastRates & 0xFF_FFFF;
        _awaitsParameterOf = state.AwaitsParameterOf is 0xE8 or 0xF3 ? state.AwaitsParameterOf : (byte)0;
        _lastSent = state.LastSent;
        _output.Restore(state.Output);
    }

    private bool HasNews => _movedX != 0 || _movedY != 0 || _buttons != _reportedButtons || (_identity == WithWheel && _turned != 0);

    /// <summary>The first byte of a status report.</summary>
    private byte Status => (byte)(
        (_remote ? 0x40 : 0) | (_reporting ? 0x20 : 0) | (_scaleByTwo ? 0x10 : 0) |
        (_buttons.HasFlag(PointerButtons.Left) ? 4 : 0) | (_buttons.HasFlag(PointerButtons.Middle) ? 2 : 0) |
        (_buttons.HasFlag(PointerButtons.Right) ? 1 : 0));

    private void SetDefaults()
    {
        _reporting = false;
        _remote = false;
        _wrap = false;
        _scaleByTwo = false;
        _resolution = DefaultResolution;
        _sampleRate = DefaultSampleRate;
        ForgetMovement();
    }

    private void ForgetMovement()
    {
        _movedX = 0;
        _movedY = 0;
        _turned = 0;
    }

    private void TakeParameter(byte command, byte value)
    {
        if (command == 0xF3)
        {
            _sampleRate = value;
            _lastRates = ((_lastRates << 8) | value) & 0xFF_FFFF;
            if (_lastRates == WheelKnock)
                _identity = WithWheel;
        }
        else
        {
            _resolution = (byte)(value & 3);
        }
        _output.TryAdd(Acknowledge);
    }

    /// <summary>In stream mode, puts movement into packets as long as there is room.</summary>
    private void Report()
    {
        while (_reporting && !_remote && !_wrap && HasNews && SendPacket())
        {
        }
    }

    /// <summary>Sends one packet with as much of the pending movement as it can tell.</summary>
    private bool SendPacket()
    {
        if (_output.Room < (_identity == WithWheel ? 4 : 3))
            return false;
        var x = Math.Clamp(_movedX, -Furthest, Furthest);
        var y = Math.Clamp(_movedY, -Furthest, Furthest);
        _output.TryAdd((byte)(0x08 | (int)_buttons | (x < 0 ? 0x10 : 0) | (y < 0 ? 0x20 : 0)), (byte)x, (byte)y);
        if (_identity == WithWheel)
        {
            var notches = Math.Clamp(_turned, -MostNotches, MostNotches);
            _output.TryAdd((byte)-notches);
            _turned -= notches;
        }
        _movedX -= x;
        _movedY -= y;
        _reportedButtons = _buttons;
        return true;
    }
}
