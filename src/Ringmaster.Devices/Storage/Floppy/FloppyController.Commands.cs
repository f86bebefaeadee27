namespace Ringmaster.Devices.Storage.Floppy;

/// <content>Commands that move no sectors (82077AA data sheet, "Command Set").</content>
public sealed partial class FloppyController
{
    private const byte Enhanced = 0x90, HasTwoSides = 0x08, Ready = 0x20, AtTrack0 = 0x10, WriteProtected = 0x40, LockBit = 0x10;

    // A recalibration gives up after so many steps.
    private const int MostSteps = 79;

    private FloppyDrive? Unit => (_command[1] & 3) < DriveCount ? _drives[_command[1] & 3] : null;

    private void Execute()
    {
        switch (_command[0])
        {
            case FloppyCommand.Specify:
                (_timing[0], _timing[1]) = (_command[1], _command[2]);
                break;
            case FloppyCommand.SenseDriveStatus:
                SenseDrive();
                break;
            case FloppyCommand.Recalibrate:
                Recalibrate();
                break;
            case FloppyCommand.SenseInterruptStatus:
                SenseInterrupt();
                break;
            case FloppyCommand.DumpRegisters:
                Answer(
                    _cylinders[0], _cylinders[1], _cylinders[2], _cylinders[3], _timing[0], _timing[1], _endOfTrack,
                    (byte)((_isLocked ? 0x80 : 0) | (_perpendicular & 0x3F)), _configuration[0], _configuration[1]);
                break;
            case FloppyCommand.Seek:
                SeekBy(_command[2] - _cylinders[_command[1] & 3]);
                break;
            case FloppyCommand.SeekOut:
                SeekBy(-Math.Min(_command[2], _cylinders[_command[1] & 3]));
                break;
            case FloppyCommand.SeekIn:
                SeekBy(Math.Min(_command[2], byte.MaxValue - _cylinders[_command[1] & 3]));
                break;
            case FloppyCommand.Version:
                Answer(Enhanced);
                break;
            case FloppyCommand.Perpendicular:
                SetPerpendicular(_command[1]);
                break;
            case FloppyCommand.Configure:
                (_configuration[0], _configuration[1]) = ((byte)(_command[2] & 0x7F), _command[3]);
                break;
            case FloppyCommand.Unlock or FloppyCommand.Lock:
                _isLocked = _command[0] == FloppyCommand.Lock;
                Answer(_isLocked ? LockBit : (byte)0);
                break;
            default:
                ExecuteOnMedium();
                break;
        }
    }

    private void ExecuteOnMedium()
    {
        if (FloppyCommand.IsTransfer(_command[0]))
            StartTransfer();
        else if ((_command[0] & FloppyCommand.Operation) == FloppyCommand.FormatTrack)
            StartFormat();
        else if ((_command[0] & FloppyCommand.Operation) == FloppyCommand.ReadId)
            TellId();
        else
            Answer(FloppyStatus.Invalid);
    }

    /// <summary>Gives results without an interrupt.</summary>
    private void Answer(params byte[] results) => (_step, _fifo, _position) = (FloppyStep.Result, results, 0);

    private void SenseDrive()
    {
        var drive = Unit;
        Answer((byte)(
            (_command[1] & 7) | HasTwoSides | Ready
            | (drive is { Cylinder: 0 } ? AtTrack0 : 0) | (drive is { IsWriteProtected: true } ? WriteProtected : 0)));
    }

    private void SenseInterrupt()
    {
        var unit = Array.FindIndex(_seekEnds, end => end >= 0);
        if (unit < 0)
        {
            Answer(FloppyStatus.Invalid);
            return;
        }
        Answer((byte)_seekEnds[unit], _cylinders[unit]);
        _seekEnds[unit] = -1;
        _interrupt = false;
        Update();
        if (_seekEnds.Any(end => end >= 0 && (end & FloppyStatus.Polled) != FloppyStatus.Polled))
            Interrupt();
    }

    private void Recalibrate()
    {
        Unit?.Step(-MostSteps);
        _cylinders[_command[1] & 3] = 0;
        EndSeek(Unit is { Cylinder: 0 } ? (byte)0 : (byte)(FloppyStatus.Abnormal | FloppyStatus.EquipmentCheck));
    }

    private void SeekBy(int cylinders)
    {
        Unit?.Step(cylinders);
        var unit = _command[1] & 3;
        _cylinders[unit] = (byte)(_cylinders[unit] + cylinders);
        EndSeek(0);
    }

    private void EndSeek(byte how)
    {
        _seekEnds[_command[1] & 3] = how | FloppyStatus.SeekEnd | (_command[1] & 7);
        Interrupt();
    }

    /// <summary>The bits of the drives change only with the topmost set.</summary>
    private void SetPerpendicular(byte value)
    {
        const byte overwrite = 0x80, drives = 0x3C;
        _perpendicular = (byte)((value & overwrite) != 0 ? value & 0x3F : (_perpendicular & drives) | (value & 0x03));
    }

    private void TellId()
    {
        _head = _command[1] >> 2 & 1;
        if (!IsReadable(Unit))
        {
            _command = [_command[0], _command[1], 0, 0, 0, 0];
            Fail(FloppyStatus.MissingMark);
            return;
        }
        _nextId = _nextId % Unit!.Format!.Sectors + 1;
        _sector = _nextId;
        _command = [_command[0], _command[1], (byte)Unit.Cylinder, (byte)_head, 0, SizeCode];
        End(0, 0, 0);
    }
}
