using Ringmaster.Devices.Storage.Ata;
using Ringmaster.Devices.Storage.Cd;

namespace Ringmaster.Devices.Storage.Ide;

/// <summary>What a drive does for a command, step by step.</summary>
internal sealed partial class IdeDrive
{
    /// <summary>Bytes that go straight between disk and memory at once, and blocks of a CD that are read at once to make others of them.</summary>
    private const int DirectBytes = 1 << 20, ChunkBlocks = PioBuffer.Capacity / CdSector.UserLength;

    private IdeStep _step;
    private byte _opcode;
    private AtaProtocol _protocol;
    private int _block = BlockRequest.SectorSize;
    private List<BlockStep> _steps = [];

    private bool MovesByDma => _step is IdeStep.Sending or IdeStep.Receiving or IdeStep.Direct;

    private bool IsPacket => _protocol is AtaProtocol.Packet or AtaProtocol.PacketDma;

    private bool UsesDma => IsDma(_protocol);

    /// <summary>The bus master is ready to move what the drive waits for.</summary>
    public void ServeDma(BusMaster master)
    {
        if (_step == IdeStep.Direct)
            ServeDisk(master);
        else
            ServeBuffer(master);
    }

    private static bool IsDma(AtaProtocol protocol) => protocol is AtaProtocol.DmaIn or AtaProtocol.DmaOut or AtaProtocol.PacketDma;

    private void CarryOut(AtaAction action)
    {
        (_protocol, _block, _steps) = (action.Protocol, action.Block, [.. action.Steps]);
        if (action.Error != 0)
        {
            End(action);
            return;
        }
        Registers.Show(action);
        if (action.Parameter != 0)
        {
            Buffer.Prepare(action.Parameter);
            if (IsPacket)
                Registers.CountByte = AtaRegisters.PacketPhase;
            Await(IdeStep.DataOut, IdeStep.Receiving, interrupts: false);
        }
        else if (!action.Data.IsEmpty)
        {
            Buffer.Load(action.Data.Span);
            SendBuffer();
        }
        else
        {
            DoNext(interrupts: false);
        }
    }

    /// <summary>Goes on with what the disk has to do, or ends the command.</summary>
    /// <param name="interrupts">Whether the host is told that it is to write a block, which it knows of the first.</param>
    private void DoNext(bool interrupts = true)
    {
        if (_steps.Count == 0)
        {
            End();
            return;
        }
        var step = _steps[0];
        Status = AtaRegisters.StatusBusy;
        if (!step.Moves)
        {
            Work(step);
        }
        else if (UsesDma && step.Fields is null)
        {
            _step = IdeStep.Direct;
            _channel.ServeDma();
        }
        else if (step.Operation == BlockOperation.Read)
        {
            ReadChunk(step);
        }
        else
        {
            Buffer.Prepare(ChunkOf(step));
            Await(IdeStep.DataOut, IdeStep.Receiving, interrupts);
        }
    }

    /// <summary>Has the buffer moved by the host or the bus master.</summary>
    private void Await(IdeStep byHost, IdeStep byMaster, bool interrupts)
    {
        _step = UsesDma ? byMaster : byHost;
        if (!UsesDma)
        {
            OpenBlock(interrupts);
            return;
        }
        Status = AtaRegisters.StatusBusy;
        Buffer.Begin(Buffer.Rest);
        _channel.ServeDma();
    }

    private void SendBuffer() => Await(IdeStep.DataIn, IdeStep.Sending, interrupts: true);

    /// <summary>Lets the host move a block over the data register.</summary>
    private void OpenBlock(bool interrupts)
    {
        var length = Math.Min(_block, Buffer.Rest);
        if (IsPacket && _step == IdeStep.DataIn)
            (Registers.CountByte, Registers.Cylinder) = (AtaRegisters.DataInPhase, (ushort)length);
        Buffer.Begin(length);
        Status = AtaRegisters.StatusReady | AtaRegisters.StatusDataRequest;
        Interrupt |= interrupts;
        Update();
    }

    private void EndBlock()
    {
        if (!Buffer.IsBlockDone)
            return;
        Status = AtaRegisters.StatusBusy;
        if (Buffer.Rest > 0)
            OpenBlock(interrupts: true);
        else if (_step == IdeStep.DataIn)
            DoNext();
        else
            BufferReceived();
    }

    private void BufferReceived()
    {
        if (_steps.Count != 0)
        {
            WriteChunk(_steps[0]);
            return;
        }
        var data = Buffer.Content.ToArray();
        Buffer.Clear();
        CarryOut(_device.Receive(Registers.ToCommand(_opcode), data));
    }

    private void ReadChunk(BlockStep step)
    {
        _step = IdeStep.Reading;
        var chunk = step with { Length = (ulong)ChunkOf(step) };
        var bytes = Buffer.Prepare((int)chunk.Moved);
        var read = step.Fields is null ? bytes : new byte[chunk.Length];
        Submit(chunk, [read], () =>
        {
            chunk.Shape(read.Span, bytes.Span);
            SendBuffer();
        });
    }

    private void WriteChunk(BlockStep step)
    {
        _step = IdeStep.Writing;
        Submit(step with { Length = (ulong)Buffer.Length }, [Buffer.Content], () => DoNext());
    }

    /// <summary>Does what moves nothing. What is verified is read to the buffer, for nobody.</summary>
    private void Work(BlockStep step)
    {
        _step = IdeStep.Working;
        var isRead = step.Operation == BlockOperation.Read;
        var part = isRead ? step with { Length = (ulong)ChunkOf(step) } : step;
        Submit(part, isRead ? [Buffer.Prepare((int)part.Length)] : [], () => DoNext());
    }

    private void ServeDisk(BusMaster master)
    {
        var (step, toMemory) = (_steps[0], _steps[0].Operation == BlockOperation.Read);
        var grant = master.Grant((int)Math.Min(step.Length, DirectBytes), toMemory, BlockRequest.SectorSize);
        if (grant.Length == 0)
        {
            master.Halt(grant.End);
            return;
        }
        Submit(step with { Length = (ulong)grant.Length }, grant.Pieces, () =>
        {
            master.Commit(grant, toMemory);
            DoNext();
        });
    }

    private void ServeBuffer(BusMaster master)
    {
        var toMemory = _step == IdeStep.Sending;
        var grant = master.Grant(Buffer.End - Buffer.Position, toMemory, unit: 1);
        foreach (var piece in grant.Pieces)
        {
            var part = Buffer.Content.Slice(Buffer.Position, piece.Length);
            if (toMemory)
                part.CopyTo(piece);
            else
                piece.CopyTo(part);
            Buffer.Skip(piece.Length);
        }
        master.Commit(grant, toMemory);
        if (!Buffer.IsBlockDone)
            return;
        if (toMemory)
            DoNext();
        else
            BufferReceived();
    }

    /// <summary>Has a part of the first step done, and then <paramref name="done"/>; ends the command if that fails.</summary>
    private void Submit(BlockStep part, IReadOnlyList<Memory<byte>> buffers, Action done) => _request.Submit(
        _device.Backend!,
        new BlockRequest(part.Operation, part.Offset, part.Length, status =>
        {
            if (status != BlockStatus.Done)
            {
                End(_device.Refuse(Registers.ToCommand(_opcode), part, status));
                return;
            }
            var left = _steps[0].Length - part.Length;
            if (left == 0)
                _steps.RemoveAt(0);
            else
                _steps[0] = _steps[0] with { Offset = part.Offset + part.Length, Length = left };
            done();
        }) { Buffers = buffers });

    /// <summary>Bytes of the disk that go through the buffer at once.</summary>
    private static int ChunkOf(BlockStep step)
    {
        var most = PioBuffer.Capacity;
        if (step.Fields is { } fields && CdSector.Length(fields) is not 0 and var length)
            most = Math.Min(PioBuffer.Capacity / length, ChunkBlocks) * CdSector.UserLength;
        return (int)Math.Min(step.Length, (ulong)most);
    }

    private void StopData()
    {
        (_step, _opcode, _protocol, _block) = (IdeStep.Idle, 0, AtaProtocol.NonData, BlockRequest.SectorSize);
        _steps = [];
        Buffer.Clear();
    }
}
