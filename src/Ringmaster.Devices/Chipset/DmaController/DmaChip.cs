using Ringmaster.Devices.State;

namespace Ringmaster.Devices.Chipset.DmaController;

/// <summary>An 8237A: the registers of four channels (Intel 8237A data sheet, "Register Description").</summary>
internal sealed class DmaChip
{
    public const int Channels = 4;

    private const int StatusOrCommand = 8, Request = 9, SingleMask = 10, Mode = 11, ClearFlipFlop = 12, MasterClear = 13, ClearMask = 14, AllMask = 15;
    private const byte Disabled = 0x04, AllChannels = 0x0F;
    private const byte Decrements = 0x20, AutoInitializes = 0x10, ModeBits = 0xFC;
    private const int Cascade = 3;

    private readonly Registers[] _channels = new Registers[Channels];
    private byte _command, _mask, _request, _terminalCount;
    private bool _isHighByte;

    public DmaChip() => Reset();

    public byte Read(int register)
    {
        switch (register)
        {
            case < StatusOrCommand:
                var channel = _channels[register / 2];
                return TakeByte(register % 2 == 0 ? channel.Address : channel.Count);
            case StatusOrCommand:
                var status = (byte)(_terminalCount | _request << Channels);
                _terminalCount = 0;
                return status;
            case AllMask:
                return (byte)(~AllChannels | _mask);
            default:
                return 0;
        }
    }

    public void Write(int register, byte value)
    {
        var channel = value & (Channels - 1);
        var bit = (byte)(1 << channel);
        switch (register)
        {
            case < StatusOrCommand:
                WriteByte(register / 2, register % 2 != 0, value);
                break;
            case StatusOrCommand:
                _command = value;
                break;
            case Request:
                _request = (value & 4) != 0 ? (byte)(_request | bit) : (byte)(_request & ~bit);
                break;
            case SingleMask:
                _mask = (value & 4) != 0 ? (byte)(_mask | bit) : (byte)(_mask & ~bit);
                break;
            case Mode:
                _channels[channel].Mode = (byte)(value & ModeBits);
                break;
            case ClearFlipFlop:
                _isHighByte = false;
                break;
            case MasterClear:
                Clear();
                break;
            case ClearMask:
                _mask = 0;
                break;
            case AllMask:
                _mask = (byte)(value & AllChannels);
                break;
        }
    }

    /// <summary>Whether a channel moves data when its device asks for it.</summary>
    public bool IsReady(int channel) =>
        (_command & Disabled) == 0 && (_mask >> channel & 1) == 0 && _channels[channel].Mode >> 6 != Cascade;

    /// <summary>What a channel does: nothing, a store or a load.</summary>
    public DmaDirection Direction(int channel) => (DmaDirection)(_channels[channel].Mode >> 2 & 3);

    /// <summary>The present address of a channel.</summary>
    public ushort Address(int channel) => _channels[channel].Address;

    /// <summary>How many of the next transfers are at ascending addresses without a wrap, up to the terminal count.</summary>
    public int Run(int channel, int most)
    {
        ref readonly var state = ref _channels[channel];
        return (state.Mode & Decrements) != 0 ? 1 : Math.Min(most, Math.Min(state.Count + 1, 0x1_0000 - state.Address));
    }

    /// <summary>Counts transfers.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="transfers">How many, at most <see cref="Run"/>.</param>
    /// <returns>Whether the last one of all was among them.</returns>
    public bool Advance(int channel, int transfers)
    {
        ref var state = ref _channels[channel];
        var isTerminal = transfers > state.Count;
        state.Address = (ushort)(state.Address + ((state.Mode & Decrements) != 0 ? -transfers : transfers));
        state.Count = (ushort)(state.Count - transfers);
        if (isTerminal)
        {
            _terminalCount |= (byte)(1 << channel);
            _request &= (byte)~(1 << channel);
            if ((state.Mode & AutoInitializes) != 0)
                (state.Address, state.Count) = (state.BaseAddress, state.BaseCount);
            else
                _mask |= (byte)(1 << channel);
        }
        return isTerminal;
    }

    public void Reset()
    {
        Array.Clear(_channels);
        Clear();
    }

    public DmaChipState Capture() => new(
        [.. _channels.Select(c => new DmaChannelState(c.BaseAddress, c.BaseCount, c.Address, c.Count, c.Mode))],
        _command, _mask, _request, _terminalCount, _isHighByte);

    public static void Check(string name, DmaChipState state)
    {
        if (state.Channels.Length != Channels || state.Channels.Any(channel => channel is null))
            throw new SavedStateException($"{name}: the saved state does not have {Channels} channels a controller.");
    }

    public void Apply(DmaChipState state)
    {
        for (var i = 0; i < Channels; i++)
        {
            var (baseAddress, baseCount, address, count, mode) = state.Channels[i];
            _channels[i] = new Registers
            {
                BaseAddress = baseAddress,
                BaseCount = baseCount,
                Address = address,
                Count = count,
                Mode = (byte)(mode & ModeBits),
            };
        }
        _command = state.Command;
        _mask = (byte)(state.Mask & AllChannels);
        _request = (byte)(state.Request & AllChannels);
        _terminalCount = (byte)(state.TerminalCount & AllChannels);
        _isHighByte = state.IsHighByte;
    }

    private void Clear() => (_command, _mask, _request, _terminalCount, _isHighByte) = (0, AllChannels, 0, 0, false);

    private byte TakeByte(ushort value)
    {
        var taken = (byte)(value >> (_isHighByte ? 8 : 0));
        _isHighByte = !_isHighByte;
        return taken;
    }

    /// <summary>Writes half of an address or count, of the base and of the present one.</summary>
    private void WriteByte(int channel, bool isCount, byte value)
    {
        ref var state = ref _channels[channel];
        var old = isCount ? state.BaseCount : state.BaseAddress;
        var written = (ushort)(_isHighByte ? (old & 0x00FF) | value << 8 : (old & 0xFF00) | value);
        _isHighByte = !_isHighByte;
        if (isCount)
            state.BaseCount = state.Count = written;
        else
            state.BaseAddress = state.Address = written;
    }

    private struct Registers
    {
        public ushort BaseAddress, BaseCount, Address, Count;
        public byte Mode;
    }
}
