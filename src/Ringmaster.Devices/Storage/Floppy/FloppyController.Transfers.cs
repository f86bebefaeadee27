namespace Ringmaster.Devices.Storage.Floppy;

/// <content>Commands that move sectors (82077AA data sheet, "Data Transfer Commands").</content>
public sealed partial class FloppyController
{
    private const byte SizeCode = 2, CountSectors = 0x80;
    private const int IdLength = 4;

    private bool IsFormat => (_command[0] & FloppyCommand.Operation) == FloppyCommand.FormatTrack;

    private bool IsVerify => (_command[0] & FloppyCommand.Operation) == FloppyCommand.Verify;

    /// <summary>The last sector that the host wants of a track.</summary>
    private int LastWanted => _command[6];

    private void StartTransfer()
    {
        var isTrack = (_command[0] & FloppyCommand.Operation) == FloppyCommand.ReadTrack;
        (_head, _sector) = (_command[1] >> 2 & 1, isTrack ? 1 : _command[4]);
        (_isTerminal, _hasSought, _bufferPosition, _endOfTrack) = (false, false, 0, _command[6]);
        var unit = _command[1] & 3;
        if ((_configuration[0] & ImpliedSeek) != 0 && _command[2] != _cylinders[unit])
        {
            Unit?.Step(_command[2] - _cylinders[unit]);
            (_cylinders[unit], _hasSought) = (_command[2], true);
        }
        NextChunk();
    }

    /// <summary>Goes on with the sectors that are left on the track.</summary>
    private void NextChunk()
    {
        if (!IsReadable(Unit))
        {
            Fail(FloppyStatus.MissingMark);
            return;
        }
        var (drive, format) = (Unit!, Unit!.Format!);
        if (_command[2] != drive.Cylinder)
        {
            Fail(FloppyStatus.NoData, FloppyStatus.WrongCylinder);
        }
        else if (_command[3] != _head || _command[5] != SizeCode || _sector < 1 || _sector > format.Sectors)
        {
            Fail(FloppyStatus.NoData);
        }
        else if (FloppyCommand.IsWrite(_command[0]) && drive.IsWriteProtected)
        {
            Fail(FloppyStatus.NotWritable);
        }
        else
        {
            var last = LastWanted < _sector ? format.Sectors : Math.Min(LastWanted, format.Sectors);
            var sectors = (_command[0] & FloppyCommand.Operation) == FloppyCommand.ReadDeletedData ? 1 : last - _sector + 1;
            if (IsVerify && (_command[1] & CountSectors) != 0)
                sectors = Math.Min(sectors, (_command[8] == 0 ? 256 : _command[8]) - _bufferPosition);
            _buffer = new byte[sectors * BlockRequest.SectorSize];
            if (FloppyCommand.IsWrite(_command[0]))
                Await(FloppyStep.FromHost);
            else
                ReadChunk();
        }
    }

    /// <summary>Whether the controller finds marks where the heads are, at the rate that is set.</summary>
    private bool IsReadable(FloppyDrive? drive) =>
        drive?.Format is { } format && format.HasRate(_rate) && (_command[0] & FloppyCommand.DoubleDensity) != 0
        && drive.Cylinder < format.Cylinders && _head < format.Heads;

    private void ReadChunk()
    {
        _step = FloppyStep.Reading;
        Submit(BlockOperation.Read, _sector, _buffer, () =>
        {
            if (!IsVerify)
            {
                Await(FloppyStep.ToHost);
                return;
            }
            _bufferPosition += _buffer.Length / BlockRequest.SectorSize;
            _isTerminal = (_command[1] & CountSectors) != 0 && _bufferPosition == (_command[8] == 0 ? 256 : _command[8]);
            ChunkDone(_buffer.Length);
        });
    }

    private void WriteChunk(int length)
    {
        _step = FloppyStep.Writing;
        _buffer = _buffer[..length];
        Submit(BlockOperation.Write, _sector, _buffer, () => ChunkDone(_buffer.Length));
    }

    /// <summary>Lets the host move the buffer's data.</summary>
    private void Await(FloppyStep step)
    {
        (_step, _bufferPosition) = (step, 0);
        if (UsesDma)
            ServeDma();
        else
            Interrupt();
    }

    private void ServeDma()
    {
        if (!UsesDma || _step is not (FloppyStep.ToHost or FloppyStep.FromHost) || (_digitalOutput & DmaGate) == 0)
            return;
        var rest = _buffer.AsSpan(_bufferPosition);
        var moved = _step == FloppyStep.ToHost ? _dma.ToMemory(rest) : _dma.FromMemory(rest);
        _bufferPosition += moved.Bytes;
        _isTerminal |= moved.IsTerminal;
        if (_isTerminal || _bufferPosition == _buffer.Length)
            HostDone();
    }

    /// <summary>A byte to a host that does without DMA.</summary>
    private byte TakeData()
    {
        var value = _buffer[_bufferPosition++];
        AfterByte();
        return value;
    }

    private void PutData(byte value)
    {
        _buffer[_bufferPosition++] = value;
        AfterByte();
    }

    private void AfterByte()
    {
        if (_bufferPosition < _buffer.Length)
        {
            Interrupt();
            return;
        }
        _interrupt = false;
        Update();
        HostDone();
    }

    /// <summary>The host has moved all of the buffer, or as much as it wants; a sector begun is completed, with zeros if it is written.</summary>
    private void HostDone()
    {
        const int sector = BlockRequest.SectorSize;
        var whole = (_bufferPosition + sector - 1) / sector * sector;
        if (_step == FloppyStep.ToHost)
            ChunkDone(whole);
        else if (IsFormat)
            FormatNext(first: true);
        else
            WriteChunk(whole);
    }

    /// <summary>Sectors are done; what comes next is as in the data sheet's table "Result Phase Table".</summary>
    private void ChunkDone(int length)
    {
        _sector += length / BlockRequest.SectorSize - 1;
        var isMulti = (_command[0] & FloppyCommand.MultiTrack) != 0;
        var isLast = _sector == LastWanted && !(isMulti && _head == 0);
        if (_sector != LastWanted)
        {
            _sector++;
        }
        else
        {
            _sector = 1;
            if (isLast)
                _command[2]++;
            if (isMulti)
                (_head, _command[3]) = (_head ^ 1, (byte)(_command[3] ^ 1));
        }
        if ((_command[0] & FloppyCommand.Operation) == FloppyCommand.ReadDeletedData)
            End(0, 0, FloppyStatus.ControlMark); // No image keeps deleted marks.
        else if (_isTerminal || (isLast && IsVerify))
            End(0, 0, 0);
        else if (isLast)
            Fail(FloppyStatus.EndOfCylinder);
        else
            NextChunk();
    }

    private void StartFormat()
    {
        _head = _command[1] >> 2 & 1;
        var (sizeCode, sectors) = (_command[2], _command[3]);
        (_isTerminal, _hasSought, _sector, _endOfTrack) = (false, false, 1, sectors);
        if (!IsReadable(Unit))
        {
            Fail(FloppyStatus.MissingMark);
        }
        else if (Unit!.IsWriteProtected || sizeCode != SizeCode || sectors == 0 || sectors > Unit.Format!.Sectors)
        {
            // An image keeps its format.
            Fail(FloppyStatus.NotWritable);
        }
        else
        {
            _buffer = new byte[sectors * IdLength];
            Await(FloppyStep.FromHost);
        }
    }

    /// <summary>Fills the next sector whose address, as the host has given it, is one of the image's.</summary>
    private void FormatNext(bool first)
    {
        if (first)
        {
            _buffer = _buffer[..(_bufferPosition / IdLength * IdLength)];
            (_step, _bufferPosition) = (FloppyStep.Formatting, 0);
        }
        for (; _bufferPosition < _buffer.Length; _bufferPosition += IdLength)
        {
            var id = _buffer.AsSpan(_bufferPosition, IdLength);
            if (id[0] != Unit!.Cylinder || id[1] != _head || id[2] < 1 || id[2] > Unit.Format!.Sectors || id[3] != SizeCode)
                continue;
            var filled = new byte[BlockRequest.SectorSize];
            Array.Fill(filled, _command[5]);
            Submit(BlockOperation.Write, id[2], filled, () =>
            {
                _bufferPosition += IdLength;
                FormatNext(first: false);
            });
            return;
        }
        End(0, 0, 0);
    }

    private void Submit(BlockOperation operation, int sector, byte[] bytes, Action done)
    {
        var drive = Unit!;
        var offset = drive.Format!.Offset(drive.Cylinder, _head, sector);
        _request.Submit(drive.Medium!, new BlockRequest(operation, offset, (ulong)bytes.Length, status =>
        {
            switch (status)
            {
                case BlockStatus.Done:
                    done();
                    break;
                case BlockStatus.ReadOnly:
                    Fail(FloppyStatus.NotWritable);
                    break;
                default:
                    Fail(FloppyStatus.DataError, FloppyStatus.DataError);
                    break;
            }
        })
        {
            Buffers = [bytes],
        });
    }

    private void Fail(byte status1, byte status2 = 0) => End(FloppyStatus.Abnormal, status1, status2);

    /// <summary>Ends the command with seven results and an interrupt.</summary>
    private void End(byte status0, byte status1, byte status2)
    {
        var how = (byte)(status0 | (_hasSought ? FloppyStatus.SeekEnd : 0) | _head << 2 | (_command[1] & 3));
        var (cylinder, head, size) = IsFormat ? ((byte)0, (byte)0, (byte)0) : (_command[2], _command[3], _command[5]);
        Answer(how, status1, status2, cylinder, head, (byte)_sector, size);
        (_buffer, _bufferPosition) = ([], 0);
        Interrupt();
    }
}
