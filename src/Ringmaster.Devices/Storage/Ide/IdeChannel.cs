using Ringmaster.Devices.Interrupts;
using Ringmaster.Devices.State;
using Ringmaster.Devices.Storage.Ata;

namespace Ringmaster.Devices.Storage.Ide;

/// <summary>
/// An IDE cable with up to two drives, and the registers that a host sees of them (ATA/ATAPI-7 volume 2, 5 and 9). Where it answers
/// is up to its owner: <see cref="IdeController"/> or <see cref="PiixIde"/>.
/// </summary>
public sealed class IdeChannel
{
    private const byte DisableInterrupt = 0x02, SoftwareReset = 0x04, HighOrderByte = 0x80, ControlBits = 0x86;
    private const byte DeviceSelect = 0x10;

    // Nobody drives the lines; the host pulls DD7 down, so that nothing looks busy (ATA/ATAPI-7 volume 2, 4.3).
    private const byte Floating = 0x7F;

    private readonly IdeDrive?[] _drives;
    private readonly IInterruptLine _line;
    private byte _control;
    private int _selected;
    private bool _level;

    /// <summary>Connects drives.</summary>
    /// <param name="line">The interrupt line, IRQ 14 or 15 of a PC.</param>
    /// <param name="master">Drive 0, or none.</param>
    /// <param name="slave">Drive 1, or none.</param>
    public IdeChannel(IInterruptLine line, AtaDevice? master, AtaDevice? slave)
    {
        ArgumentNullException.ThrowIfNull(line);
        _line = line;
        _drives = [master is null ? null : new IdeDrive(master, this, isSecond: false), slave is null ? null : new IdeDrive(slave, this, isSecond: true)];
    }

    internal BusMaster? BusMaster { get; set; }

    private IdeDrive? Selected => _drives[_selected];

    /// <summary>A drive alone as the first one answers for the missing second, too (ATA/ATAPI-7 volume 2, 9.16).</summary>
    private IdeDrive? Answering => Selected ?? (_selected == 1 ? _drives[0] : null);

    private bool IsInReset => (_control & SoftwareReset) != 0;

    /// <summary>The host reads the eight registers of the command block.</summary>
    /// <param name="register">The first, 0 to 7.</param>
    /// <param name="size">1, 2 or 4 bytes inside the block.</param>
    internal uint ReadCommandBlock(int register, int size)
    {
        if (register == TaskFile.Data)
            return Selected?.ReadData(size) ?? (0xFFFF_FF00 | Floating) & (uint.MaxValue >> (32 - 8 * size));
        uint value = 0;
        for (var i = 0; i < size; i++)
            value |= (uint)ReadRegister(register + i) << (8 * i);
        return value;
    }

    /// <summary>The host writes the registers of the command block.</summary>
    internal void WriteCommandBlock(int register, int size, uint value)
    {
        if (register == TaskFile.Data)
        {
            Selected?.WriteData(size, value);
            return;
        }
        for (var i = 0; i < size; i++)
            WriteRegister(register + i, (byte)(value >> (8 * i)));
    }

    /// <summary>The host reads the alternate status register, which leaves the interrupt alone.</summary>
    internal byte ReadAlternateStatus() => Selected?.Status ?? (Answering is null ? Floating : (byte)0);

    /// <summary>The host writes the device control register.</summary>
    internal void WriteControl(byte value)
    {
        var wasInReset = IsInReset;
        _control = (byte)(value & ControlBits);
        if (IsInReset && !wasInReset)
        {
            foreach (var drive in _drives)
                drive?.HoldInReset();
        }
        else if (wasInReset && !IsInReset)
        {
            _selected = 0;
            foreach (var drive in _drives)
                drive?.Restart();
        }
        UpdateInterrupt();
    }

    /// <summary>Lets the bus master move what the selected drive waits for, if both are ready.</summary>
    internal void ServeDma()
    {
        if (Selected is { WaitsForDma: true } drive && BusMaster is { IsReady: true } master)
            drive.ServeDma(master);
    }

    /// <summary>The bus master does not move data any more.</summary>
    internal void StopDma()
    {
        foreach (var drive in _drives)
            drive?.StopDma();
    }

    /// <summary>Drives the line; only the selected drive does.</summary>
    internal void UpdateInterrupt()
    {
        var level = (_control & DisableInterrupt) == 0 && Selected is { Interrupt: true };
        if (level && !_level)
            BusMaster?.NoteInterrupt();
        _level = level;
        _line.Set(level);
    }

    /// <summary>Puts the drives into their power-on state.</summary>
    internal void Reset()
    {
        (_control, _selected) = (0, 0);
        foreach (var drive in _drives)
            drive?.Reset();
        UpdateInterrupt();
    }

    internal IdeChannelState Capture() => new(_control, _selected == 1, _drives[0]?.Capture(), _drives[1]?.Capture());

    internal void Check(string name, IdeChannelState state)
    {
        Check(name, _drives[0], state.Master);
        Check(name, _drives[1], state.Slave);
    }

    /// <summary>Takes on a state that has been checked. <see cref="Resume"/> follows when everything else is restored.</summary>
    internal void Apply(IdeChannelState state)
    {
        _control = (byte)(state.Control & ControlBits);
        _selected = state.IsSecondSelected ? 1 : 0;
        _drives[0]?.Apply(state.Master!);
        _drives[1]?.Apply(state.Slave!);
        for (var i = 0; i < _drives.Length; i++)
        {
            if (IsInReset)
                _drives[i]?.HoldInReset();
            else if (i != _selected && _drives[i] is { IsBusy: true } other)
                other.Restart();
        }
        // The bus master has its own note of the interrupt.
        _level = (_control & DisableInterrupt) == 0 && Selected is { Interrupt: true };
        _line.Set(_level);
    }

    internal void Resume()
    {
        foreach (var drive in _drives)
            drive?.Resume();
        ServeDma();
    }

    private static void Check(string name, IdeDrive? drive, IdeDriveState? state)
    {
        if (drive is null != state is null)
            throw new SavedStateException($"{name}: the saved state does not have the drives that this machine has.");
        if (state is not null)
            drive!.Check(name, state);
    }

    private byte ReadRegister(int register)
    {
        if (register == TaskFile.Status)
        {
            var status = ReadAlternateStatus();
            Selected?.Acknowledge();
            return status;
        }
        if (Answering is not { } drive)
            return Floating;
        var value = drive.Registers.Read(register, (_control & HighOrderByte) != 0);
        return register == TaskFile.Device ? (byte)((value & ~DeviceSelect) | _selected << 4) : value;
    }

    private void WriteRegister(int register, byte value)
    {
        // What is written to a busy drive is lost, but for DEVICE RESET.
        _control &= unchecked((byte)~HighOrderByte);
        if (IsInReset)
            return;
        if (register == TaskFile.Command)
        {
            Command(value);
        }
        else if (Selected is not { IsBusy: true })
        {
            foreach (var drive in _drives)
                drive?.Registers.Write(register, value);
            if (register != TaskFile.Device)
                return;
            _selected = (value & DeviceSelect) != 0 ? 1 : 0;
            UpdateInterrupt();
            ServeDma();
        }
    }

    private void Command(byte value)
    {
        if (Selected is { IsBusy: true } busy)
        {
            if (busy.IsReset(value))
                busy.Start(value);
        }
        else if ((AtaOpcode)value == AtaOpcode.ExecuteDiagnostic)
        {
            Diagnose();
        }
        else
        {
            Selected?.Start(value);
        }
    }

    /// <summary>Both drives test themselves, whichever is selected, and the first tells (ATA/ATAPI-7 volume 1, 6.13).</summary>
    private void Diagnose()
    {
        _selected = 0;
        foreach (var drive in _drives)
            drive?.Restart();
        _drives[0]?.AskInterrupt();
    }
}
