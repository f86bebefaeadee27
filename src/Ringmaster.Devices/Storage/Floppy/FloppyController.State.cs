using Ringmaster.Devices.State;

namespace Ringmaster.Devices.Storage.Floppy;

/// <content>The saved state.</content>
public sealed partial class FloppyController
{
    private const int MostResults = 10, LongestCommand = 9;

    /// <inheritdoc/>
    protected override FloppyControllerState Capture() => new(
        [.. _drives.Select(drive => drive?.Capture())], _step, [.. _fifo], _position, [.. _command], [.. _buffer], _bufferPosition, _isTerminal, _head,
        _sector, _hasSought, _digitalOutput, _tapeDrive, _rate, [.. _cylinders], [.. _seekEnds], [.. _timing], [.. _configuration], _perpendicular,
        _endOfTrack, _isLocked, _nextId, _interrupt);

    /// <inheritdoc/>
    protected override void Apply(FloppyControllerState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Check(state);
        _request.Abandon();
        for (var i = 0; i < DriveCount; i++)
            _drives[i]?.Apply(state.Drives[i]!);
        (_step, _fifo, _position, _command) = (state.Step, [.. state.Fifo], state.Position, [.. state.Command]);
        (_buffer, _bufferPosition, _isTerminal) = ([.. state.Buffer], state.BufferPosition, state.IsTerminal);
        (_head, _sector, _hasSought) = (state.Head & 1, Math.Clamp(state.Sector, 0, byte.MaxValue + 1), state.HasSought);
        (_digitalOutput, _tapeDrive, _rate) = (state.DigitalOutput, (byte)(state.TapeDrive & TapeBits), (byte)(state.Rate & RateBits));
        state.Cylinders.CopyTo(_cylinders, 0);
        for (var i = 0; i < UnitCount; i++)
            _seekEnds[i] = Math.Clamp(state.SeekEnds[i], -1, byte.MaxValue);
        state.Timing.CopyTo(_timing, 0);
        state.Configuration.CopyTo(_configuration, 0);
        (_perpendicular, _endOfTrack, _isLocked) = ((byte)(state.Perpendicular & 0x3F), state.EndOfTrack, state.IsLocked);
        (_nextId, _interrupt) = (Math.Clamp(state.NextId, 0, FloppyFormat.MostSectors), state.Interrupt);
        Update();
        Resume();
    }

    /// <summary>Submits again what was in flight.</summary>
    private void Resume()
    {
        switch (_step)
        {
            case FloppyStep.Reading:
                ReadChunk();
                break;
            case FloppyStep.Writing:
                WriteChunk(_buffer.Length);
                break;
            case FloppyStep.Formatting:
                FormatNext(first: false);
                break;
        }
    }

    private void Check(FloppyControllerState state)
    {
        for (var i = 0; i < DriveCount; i++)
        {
            if (state.Drives.Length != DriveCount || state.Drives[i] is null != _drives[i] is null)
                throw new SavedStateException($"{Name}: the saved state does not have the diskette drives that this machine has.");
        }
        var hasShape = state.Fifo.Length <= MostResults && state.Command.Length <= LongestCommand && state.Cylinders.Length == UnitCount
            && state.SeekEnds.Length == UnitCount && state.Timing.Length == 2 && state.Configuration.Length == 2;
        if (!hasShape || !IsConsistent(state))
            throw new SavedStateException($"{Name}: the saved state has the diskette controller in the middle of a command that it cannot carry out.");
    }

    /// <summary>Whether a controller could be where a state says that it is.</summary>
    private bool IsConsistent(FloppyControllerState state)
    {
        const int sector = BlockRequest.SectorSize;
        switch (state.Step)
        {
            case FloppyStep.Command:
                return state.Fifo.Length == 0 || state.Fifo.Length < FloppyCommand.Length(state.Fifo[0]);
            case FloppyStep.Result:
                return state.Position >= 0 && state.Position < state.Fifo.Length;
        }
        // All that have a data phase name a drive.
        if (state.Command.Length < 2 || state.Command.Length != FloppyCommand.Length(state.Command[0]) || state.Fifo.Length != 0)
            return false;
        var (opcode, unit) = (state.Command[0], state.Command[1] & 3);
        if (unit >= DriveCount || _drives[unit]?.Format is not { } format || (uint)state.Drives[unit]!.Cylinder >= (uint)format.Cylinders)
            return false;
        var length = state.Buffer.Length;
        var isFormat = (opcode & FloppyCommand.Operation) == FloppyCommand.FormatTrack;
        if ((uint)state.Head >= (uint)format.Heads || state.BufferPosition < 0 || !(isFormat || FloppyCommand.IsTransfer(opcode)))
            return false;
        if (isFormat)
        {
            return state.Step is FloppyStep.FromHost or FloppyStep.Formatting
                && length > 0 && length % IdLength == 0 && length <= format.Sectors * IdLength && state.BufferPosition < length
                && (state.Step == FloppyStep.FromHost || state.BufferPosition % IdLength == 0);
        }
        var hasSectors = length > 0 && length % sector == 0 && state.Sector >= 1 && state.Sector <= format.Sectors
            && length / sector <= format.Sectors - state.Sector + 1;
        var isWrite = FloppyCommand.IsWrite(opcode);
        return hasSectors && state.Step switch
        {
            FloppyStep.Reading => !isWrite,
            FloppyStep.ToHost => !isWrite && state.BufferPosition < length,
            FloppyStep.FromHost => isWrite && state.BufferPosition < length,
            FloppyStep.Writing => isWrite,
            _ => false,
        };
    }
}
