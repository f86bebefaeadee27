using Ringmaster.Devices.Input;
using System.Text.Json.Serialization.Metadata;
using Ringmaster.Devices.Bus;
using Ringmaster.Devices.Chipset.SystemControl;
using Ringmaster.Devices.Interrupts;
using Ringmaster.Devices.State;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Chipset.KeyboardController;

/// <summary>
/// The PS/2 keyboard controller (an Intel 8042 in the PC) with a keyboard on IRQ 1 and a mouse on IRQ 12: ports 60h (data)
/// and 64h (command and status). It also drives A20 and the processor's reset.
/// </summary>
/// <remarks>
/// Commands and transfers take no time. Each byte in the output buffer makes its own interrupt edge: the line falls when the
/// guest reads port 60h and rises with the next byte. After power-on the controller stands as a BIOS would leave it, so that
/// kernels loaded without one find translated keys and IRQ 1.
/// </remarks>
public sealed partial class I8042 : StatefulDevice<I8042State>, IPortDevice, IKeyboardInput, IPointerInput
{
    private const ushort DataPort = 0x60, CommandPort = 0x64;
    private const int MemorySize = 32, MostReplies = 16, ForMouse = 0x100;

    private const byte KeyboardInterrupt = 0x01, MouseInterrupt = 0x02, SystemFlag = 0x04;
    private const byte KeyboardDisabled = 0x10, MouseDisabled = 0x20, Translation = 0x40;
    private const byte PowerOnCommandByte = Translation | MouseDisabled | SystemFlag | KeyboardInterrupt;

    private const byte OutputFull = 0x01, CommandWritten = 0x08, NotInhibited = 0x10, MouseOutput = 0x20;
    private const byte Break = 0xF0;

    private readonly IInterruptLine _keyboardLine;
    private readonly IInterruptLine _mouseLine;
    private readonly A20Gate _gate;
    private readonly Action _resetRequested;
    private readonly Ps2Keyboard _keyboard = new();
    private readonly Ps2Mouse _mouse = new();
    private readonly byte[] _memory = new byte[MemorySize];
    private readonly Queue<int> _replies = new();
    private byte _awaitsParameterOf;
    private bool _lastWriteWasCommand;
    private byte _outputBuffer;
    private bool _outputFull;
    private bool _outputFromMouse;

    /// <summary>Creates the controller with keyboard and mouse plugged in.</summary>
    /// <param name="keyboardLine">IRQ 1.</param>
    /// <param name="mouseLine">IRQ 12.</param>
    /// <param name="gate">The A20 gate.</param>
    /// <param name="resetRequested">Called when the guest asks for a reset; must not reset this device inside the call.</param>
    /// <param name="name">See <see cref="IDevice.Name"/>.</param>
    public I8042(IInterruptLine keyboardLine, IInterruptLine mouseLine, A20Gate gate, Action resetRequested, string name = "i8042")
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(keyboardLine);
        ArgumentNullException.ThrowIfNull(mouseLine);
        ArgumentNullException.ThrowIfNull(gate);
        ArgumentNullException.ThrowIfNull(resetRequested);
        _keyboardLine = keyboardLine;
        _mouseLine = mouseLine;
        _gate = gate;
        _resetRequested = resetRequested;
        _memory[0] = PowerOnCommandByte;
    }

    /// <inheritdoc/>
    public IReadOnlyList<PortRange> PortRanges { get; } = [new(new IoPort(DataPort), 1), new(new IoPort(CommandPort), 1)];

    /// <summary>The keyboard's lights: bit 0 scroll lock, 1 num lock, 2 caps lock.</summary>
    public byte KeyboardLeds => _keyboard.Leds;

    /// <inheritdoc/>
    protected override string StateKind => "i8042";

    /// <inheritdoc/>
    protected override JsonTypeInfo<I8042State> StateType => I8042StateJson.Default.I8042State;

    private byte CommandByte
    {
        get => _memory[0];
        set => _memory[0] = (byte)(value & 0x7F);
    }

    private byte Status => (byte)(
        (_outputFull ? OutputFull : 0) | (CommandByte & SystemFlag) | (_lastWriteWasCommand ? CommandWritten : 0) | NotInhibited |
        (_outputFull && _outputFromMouse ? MouseOutput : 0));

    /// <summary>The output port as D0h reads it: reset line, A20, the two interrupt requests, and the idle keyboard's wires.</summary>
    private byte OutputPort => (byte)(
        0xC1 | (_gate.KeyboardController ? 0x02 : 0) | (_outputFull ? _outputFromMouse ? 0x20 : 0x10 : 0));

    /// <summary>A key goes down, or repeats. Called with the machine's lock held.</summary>
    public void PressKey(ScanCode key)
    {
        _keyboard.Report(key, pressed: true);
        FillOutput();
    }

    /// <summary>A key goes up. Called with the machine's lock held.</summary>
    public void ReleaseKey(ScanCode key)
    {
        _keyboard.Report(key, pressed: false);
        FillOutput();
    }

    /// <summary>The mouse moves or its buttons change. Called with the machine's lock held.</summary>
    /// <param name="right">Counts to the right.</param>
    /// <param name="up">Counts upwards, away from the user.</param>
    /// <param name="buttons">All buttons that are now pressed.</param>
    public void MoveMouse(int right, int up, PointerButtons buttons)
    {
        _mouse.Move(right, up, buttons);
        FillOutput();
    }

    /// <inheritdoc/>
    public uint ReadPort(IoPort port, int size)
    {
        if (port.Value == CommandPort)
            return Status;
        var value = _outputBuffer;
        _outputFull = false;
        UpdateLines();
        FillOutput();
        return value;
    }

    /// <inheritdoc/>
    public void WritePort(IoPort port, int size, uint value)
    {
        _lastWriteWasCommand = port.Value == CommandPort;
        if (_lastWriteWasCommand)
            RunCommand((byte)value);
        else
            TakeData((byte)value);
        FillOutput();
        UpdateLines();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        _keyboard.Reset();
        _mouse.Reset();
        Array.Clear(_memory);
        CommandByte = PowerOnCommandByte;
        _replies.Clear();
        _awaitsParameterOf = 0;
        _lastWriteWasCommand = false;
        _outputBuffer = 0;
        _outputFull = false;
        _outputFromMouse = false;
        _gate.KeyboardController = true;
        UpdateLines();
    }

    /// <inheritdoc/>
    protected override I8042State Capture() => new(
        [.. _memory], _awaitsParameterOf, _lastWriteWasCommand, _outputBuffer, _outputFull, _outputFromMouse, [.. _replies],
        _gate.KeyboardController, _keyboard.Capture(), _mouse.Capture());

    /// <inheritdoc/>
    protected override void Apply(I8042State state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Memory.Length != MemorySize)
            throw new SavedStateException($"{Name}: the saved state does not have {MemorySize} bytes of controller memory.");
        state.Memory.CopyTo(_memory, 0);
        CommandByte = state.Memory[0];
        _awaitsParameterOf = TakesParameter(state.AwaitsParameterOf) ? state.AwaitsParameterOf : (byte)0;
        _lastWriteWasCommand = state.LastWriteWasCommand;
        _outputBuffer = state.OutputBuffer;
        _outputFull = state.OutputFull;
        _outputFromMouse = state.OutputFromMouse;
        _replies.Clear();
        foreach (var reply in state.Replies.AsSpan(0, Math.Min(state.Replies.Length, MostReplies)))
            _replies.Enqueue(reply & (ForMouse | 0xFF));
        _gate.KeyboardController = state.A20;
        _keyboard.Restore(state.Keyboard);
        _mouse.Restore(state.Mouse);
        UpdateLines();
        FillOutput();
    }

    private static bool TakesParameter(byte command) => command is >= 0x60 and <= 0x7F or >= 0xD1 and <= 0xD4;

    private void RunCommand(byte command)
    {
        _awaitsParameterOf = TakesParameter(command) ? command : (byte)0;
        switch (command)
        {
            case >= 0x20 and <= 0x3F:
                Reply(_memory[command & 0x1F]);
                break;
            case 0xA4:
                // No password is set.
                Reply(0xF1);
                break;
            case 0xA7:
                CommandByte |= MouseDisabled;
                break;
            case 0xA8:
                CommandByte &= unchecked((byte)~MouseDisabled);
                break;
            case 0xA9 or 0xAB:
                // Both interfaces pass their test.
                Reply(0x00);
                break;
            case 0xAA:
                CommandByte |= SystemFlag;
                Reply(0x55);
                break;
            case 0xAD:
                CommandByte |= KeyboardDisabled;
                break;
            case 0xAE:
                CommandByte &= unchecked((byte)~KeyboardDisabled);
                break;
            case 0xC0:
                // The keyboard lock is open.
                Reply(0x80);
                break;
            case 0xD0:
                Reply(OutputPort);
                break;
            case 0xDD or 0xDF:
                _gate.KeyboardController = command == 0xDF;
                break;
            case >= 0xF0 when (command & 1) == 0:
                // Pulses low the output port's bits that are clear; bit 0 is the processor's reset.
                _resetRequested();
                break;
        }
    }

    private void TakeData(byte value)
    {
        var command = _awaitsParameterOf;
        _awaitsParameterOf = 0;
        switch (command)
        {
            case 0x60:
                CommandByte = value;
                break;
            case > 0x60 and <= 0x7F:
                _memory[command & 0x1F] = value;
                break;
            case 0xD1:
                _gate.KeyboardController = (value & 0x02) != 0;
                if ((value & 0x01) == 0)
                    _resetRequested();
                break;
            case 0xD2:
                Reply(value);
                break;
            case 0xD3:
                Reply(value | ForMouse);
                break;
            case 0xD4:
                // Sending to a device turns its interface on.
                CommandByte &= unchecked((byte)~MouseDisabled);
                _mouse.Receive(value);
                break;
            default:
                CommandByte &= unchecked((byte)~KeyboardDisabled);
                _keyboard.Receive(value);
                break;
        }
    }

    private void Reply(int value)
    {
        if (_replies.Count < MostReplies)
            _replies.Enqueue(value);
    }

    /// <summary>Moves the next byte into the output buffer if the guest has read the last one.</summary>
    private void FillOutput()
    {
        if (_outputFull)
            return;
        byte value;
        if (_replies.TryDequeue(out var reply))
            (value, _outputFromMouse) = ((byte)reply, (reply & ForMouse) != 0);
        else if ((CommandByte & KeyboardDisabled) == 0 && TryTakeKey(out value))
            _outputFromMouse = false;
        else if ((CommandByte & MouseDisabled) == 0 && _mouse.TrySend(out value))
            _outputFromMouse = true;
        else
            return;
        _outputBuffer = value;
        _outputFull = true;
        UpdateLines();
    }

    /// <summary>Takes a byte from the keyboard; with translation, a break prefix becomes bit 7 of the code that follows.</summary>
    private bool TryTakeKey(out byte value)
    {
        if (!_keyboard.TrySend(out value))
            return false;
        if ((CommandByte & Translation) == 0)
            return true;
        if (value != Break)
        {
            value = ScanCodeTables.Translate(value);
            return true;
        }
        if (!_keyboard.TrySend(out value))
            return false;
        value = (byte)(ScanCodeTables.Translate(value) | 0x80);
        return true;
    }

    private void UpdateLines()
    {
        _keyboardLine.Set(_outputFull && !_outputFromMouse && (CommandByte & KeyboardInterrupt) != 0);
        _mouseLine.Set(_outputFull && _outputFromMouse && (CommandByte & MouseInterrupt) != 0);
    }
}
