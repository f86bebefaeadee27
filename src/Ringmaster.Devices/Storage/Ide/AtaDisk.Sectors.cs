namespace Ringmaster.Devices.Storage.Ide;

/// <content>Commands that move or check sectors (ATA/ATAPI-7 volume 2, 9.5 to 9.8).</content>
public sealed partial class AtaDisk
{
    private int BlockBytes => (_command!.Mode == SectorMode.Multiple ? Math.Max(_multiple, 1) : 1) * BlockRequest.SectorSize;

    private ulong Offset => _block * BlockRequest.SectorSize;

    private int Chunk => (int)Math.Min(_left, ChunkSectors) * BlockRequest.SectorSize;

    private protected override void BlockMoved()
    {
        if (_command is null)
        {
            End(IdeStatus.Idle, interrupts: false);
        }
        else if (_step == AtaStep.DataOut)
        {
            if (Buffer.Rest > 0)
                OpenBlock(Math.Min(BlockBytes, Buffer.Rest), interrupts: true);
            else
                WriteChunk();
        }
        else
        {
            MoveOn((Buffer.End - Buffer.Start) / BlockRequest.SectorSize);
            if (_left == 0)
                End(IdeStatus.Idle, interrupts: false);
            else if (Buffer.Rest > 0)
                OpenBlock(Math.Min(BlockBytes, Buffer.Rest), interrupts: true);
            else
                ReadChunk();
        }
    }

    /// <summary>A part of a transfer by the bus master: straight between disk and memory.</summary>
    internal override void ServeDma(BusMaster master)
    {
        if (_step == AtaStep.TrimData)
        {
            TakeTrimData(master);
            return;
        }
        var toMemory = !_command!.IsWrite;
        var grant = master.Grant((int)Math.Min(_left, DmaSectors) * BlockRequest.SectorSize, toMemory, BlockRequest.SectorSize);
        if (grant.Length == 0)
        {
            master.Halt(grant.End);
            return;
        }
        Submit(toMemory ? BlockOperation.Read : BlockOperation.Write, Offset, (ulong)grant.Length, grant.Pieces, status =>
        {
            if (Failed(status))
                return;
            master.Commit(grant, toMemory);
            MoveOn(grant.Length / BlockRequest.SectorSize);
            if (_left > 0)
                AskDma();
            else
                EndSectors();
        });
    }

    private void StartSectors(byte opcode, SectorCommand command)
    {
        var sectors = command.Is48 ? Registers.Sectors48 : Registers.Sectors28;
        if (command.Mode == SectorMode.Multiple && _multiple == 0)
        {
            Fail(IdeStatus.Aborted);
            return;
        }
        if (!TryAddress(command.Is48, out var block) || block >= _capacity)
        {
            Fail(IdeStatus.NotFound);
            return;
        }
        (_opcode, _command, _block, _left, _power) = (opcode, command, block, sectors, Active);
        if (sectors > _capacity - block)
        {
            _block = _capacity;
            Fail(IdeStatus.NotFound);
            return;
        }
        Status = IdeStatus.Busy;
        switch (command.Mode)
        {
            case SectorMode.Dma:
                _step = AtaStep.Dma;
                AskDma();
                break;
            case SectorMode.Verify:
                VerifyChunk();
                break;
            default:
                if (command.IsWrite)
                    TakeChunk(interrupts: false);
                else
                    ReadChunk();
                break;
        }
    }

    private bool TryAddress(bool is48, out ulong block)
    {
        block = is48 ? Registers.Address48 : Registers.Address28;
        return is48 || Registers.IsLba || _geometry.TryFind(Registers.Cylinder, Registers.Head, Registers.LowByte, out block);
    }

    private void MoveOn(int sectors)
    {
        _block += (uint)sectors;
        _left -= (uint)sectors;
    }

    private void ReadChunk()
    {
        _step = AtaStep.Reading;
        var bytes = Buffer.Prepare(Chunk);
        Submit(BlockOperation.Read, Offset, (ulong)bytes.Length, [bytes], status =>
        {
            if (Failed(status))
                return;
            _step = AtaStep.DataIn;
            OpenBlock(Math.Min(BlockBytes, Buffer.Rest), interrupts: true);
        });
    }

    /// <summary>Lets the host write as much as goes to the disk at once. It is not told that the first block is expected.</summary>
    private void TakeChunk(bool interrupts)
    {
        _step = AtaStep.DataOut;
        Buffer.Prepare(Chunk);
        OpenBlock(Math.Min(BlockBytes, Buffer.Rest), interrupts);
    }

    private void WriteChunk()
    {
        _step = AtaStep.Writing;
        Submit(BlockOperation.Write, Offset, (ulong)Buffer.Length, [Buffer.Content], status =>
        {
            if (Failed(status))
                return;
            MoveOn(Buffer.Length / BlockRequest.SectorSize);
            if (_left > 0)
                TakeChunk(interrupts: true);
            else
                EndSectors();
        });
    }

    private void VerifyChunk()
    {
        _step = AtaStep.Verifying;
        var bytes = Buffer.Prepare(Chunk);
        Submit(BlockOperation.Read, Offset, (ulong)bytes.Length, [bytes], status =>
        {
            if (Failed(status))
                return;
            MoveOn(bytes.Length / BlockRequest.SectorSize);
            if (_left > 0)
                VerifyChunk();
            else
                EndSectors();
        });
    }

    private void EndSectors()
    {
        if (_command!.IsWrite && (_command.IsDurable || !_isWriteCached))
            Flush();
        else
            End(IdeStatus.Idle);
    }

    private void Flush()
    {
        _step = AtaStep.Flushing;
        Status = IdeStatus.Busy;
        Submit(BlockOperation.Flush, 0, 0, [], status =>
        {
            if (!Failed(status))
                End(IdeStatus.Idle);
        });
    }

    /// <summary>Ends the command if the back end has failed.</summary>
    private bool Failed(BlockStatus status)
    {
        if (status == BlockStatus.Done)
            return false;
        Fail(status switch
        {
            BlockStatus.OutOfRange => IdeStatus.NotFound,
            _ when _command is { IsWrite: false } => IdeStatus.Uncorrectable,
            _ => IdeStatus.Aborted,
        });
        return true;
    }

    /// <summary>Ends a command with an error; the registers tell at which sector, if it was one.</summary>
    private protected override void Fail(byte error)
    {
        if (_command is { Is48: true })
            Registers.Set48(_block);
        else if (_command is not null && Registers.IsLba)
            Registers.Set28((uint)_block);
        else if (_command is not null)
            ShowCylinder();
        base.Fail(error);
    }

    private void ShowCylinder()
    {
        var track = _block / (ulong)_geometry.Sectors;
        Registers.SetChs((int)(track / (ulong)_geometry.Heads), (int)(track % (ulong)_geometry.Heads), (int)(_block % (ulong)_geometry.Sectors) + 1);
    }
}
