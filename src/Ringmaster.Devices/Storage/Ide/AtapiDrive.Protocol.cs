namespace Ringmaster.Devices.Storage.Ide;

/// <content>ATA commands, and how packets and their data get over the cable (ATA/ATAPI-7 volume 2, 9.9 and 9.10).</content>
public sealed partial class AtapiDrive
{
    // The interrupt reason, in the register for the count (ATA/ATAPI-7 volume 1, 6.30.6).
    private const byte CommandPhase = 0x01, DataInPhase = 0x02, StatusPhase = 0x03;

    private const int ChunkBlocks = PioBuffer.Capacity / CdSector.UserLength, DmaBlocks = 512;

    private protected override void Execute(byte command)
    {
        if (_power is null && command != DeviceReset)
        {
            base.Fail(IdeStatus.Aborted);
            return;
        }
        switch (command)
        {
            case DeviceReset:
                Restart();
                break;
            case 0x20 or 0xEC: // READ SECTORS, IDENTIFY DEVICE: the signature tells what kind of drive this is.
                Registers.SetSignature(isPacket: true);
                base.Fail(IdeStatus.Aborted);
                break;
            case 0x94 or 0xE0 or 0x96 or 0xE2: // STANDBY
                _power = Standby;
                End(IdeStatus.Idle);
                break;
            case 0x95 or 0xE1 or 0x97 or 0xE3: // IDLE
                _power = IdlePower;
                End(IdeStatus.Idle);
                break;
            case 0x98 or 0xE5: // CHECK POWER MODE
                Registers.CountByte = _power!.Value;
                End(IdeStatus.Idle);
                break;
            case 0x99 or 0xE6: // SLEEP
                _power = null;
                End(IdeStatus.Idle);
                break;
            case 0xA0: // PACKET
                StartPacket();
                break;
            case 0xA1: // IDENTIFY PACKET DEVICE
                Buffer.Load(Identify());
                _step = AtapiStep.Identification;
                OpenBlock(Buffer.Length, interrupts: true);
                break;
            case 0xEF when Registers.FeatureBits == 0x03 && _modes.TryChoose(Registers.CountByte, out _modes): // SET FEATURES
                End(IdeStatus.Idle);
                break;
            default:
                base.Fail(IdeStatus.Aborted);
                break;
        }
    }

    private protected override void BlockMoved()
    {
        if (_step == AtapiStep.Packet)
            TakePacket();
        else if (_step == AtapiStep.Identification)
            End(IdeStatus.Idle, interrupts: false);
        else if (Buffer.Rest > 0)
            OpenDataBlock();
        else
            BufferSent();
    }

    internal override void ServeDma(BusMaster master)
    {
        if (_step == AtapiStep.MediumDma)
            ServeMedium(master);
        else
            ServeBuffer(master);
    }

    private void StartPacket()
    {
        const byte dma = 0x01, overlapped = 0x02;
        if ((Registers.FeatureBits & overlapped) != 0)
        {
            base.Fail(IdeStatus.Aborted);
            return;
        }
        // Word 125 of the identification tells that 0 stands for the most; more is odd, and does not count (6.30.4).
        var limit = Registers.Cylinder & MostLimit;
        (_step, _usesDma, _limit) = (AtapiStep.Packet, (Registers.FeatureBits & dma) != 0, limit == 0 ? MostLimit : limit);
        Registers.CountByte = CommandPhase;
        Buffer.Prepare(PacketSize);
        OpenBlock(PacketSize, interrupts: false);
    }

    private void TakePacket()
    {
        Span<byte> packet = stackalloc byte[PacketSize];
        Buffer.Content.Span.CopyTo(packet);
        Buffer.Clear();
        Run(packet);
    }

    /// <summary>Sends an answer, of which the host takes no more than it has room for.</summary>
    private void Reply(byte[] content, int room)
    {
        Buffer.Load(content.AsSpan(0, Math.Min(content.Length, room)));
        if (Buffer.Length == 0)
            Succeed();
        else
            SendBuffer();
    }

    private void SendBuffer()
    {
        if (!_usesDma)
        {
            _step = AtapiStep.DataIn;
            OpenDataBlock();
            return;
        }
        _step = AtapiStep.BufferDma;
        Status = IdeStatus.Busy;
        Buffer.Begin(Buffer.Rest);
        AskDma();
    }

    private void OpenDataBlock()
    {
        var length = Math.Min(Buffer.Rest, _limit);
        Registers.CountByte = DataInPhase;
        Registers.Cylinder = (ushort)length;
        OpenBlock(length, interrupts: true);
    }

    private void BufferSent()
    {
        if (_left > 0)
            ReadChunk();
        else
            Succeed();
    }

    private void ServeBuffer(BusMaster master)
    {
        var grant = master.Grant(Buffer.End - Buffer.Position, toMemory: true, unit: 1);
        foreach (var piece in grant.Pieces)
        {
            Buffer.Content.Slice(Buffer.Position, piece.Length).CopyTo(piece);
            Buffer.Skip(piece.Length);
        }
        master.Commit(grant, toMemory: true);
        if (Buffer.IsBlockDone)
            BufferSent();
    }

    private void ServeMedium(BusMaster master)
    {
        var grant = master.Grant((int)Math.Min(_left, DmaBlocks) * CdSector.UserLength, toMemory: true, CdSector.UserLength);
        if (grant.Length == 0)
        {
            master.Halt(grant.End);
            return;
        }
        Submit(BlockOperation.Read, (ulong)_block * CdSector.UserLength, (ulong)grant.Length, grant.Pieces, status =>
        {
            if (status != BlockStatus.Done)
            {
                Refuse(ScsiSense.ReadError);
                return;
            }
            master.Commit(grant, toMemory: true);
            MoveOn((uint)(grant.Length / CdSector.UserLength));
            if (_left > 0)
                AskDma();
            else
                Succeed();
        });
    }

    private void StartReading(uint block, uint blocks, CdFields fields)
    {
        (_block, _left, _fields, _power) = (block, blocks, fields, Active);
        Status = IdeStatus.Busy;
        if (blocks == 0 || CdSector.Length(fields) == 0)
        {
            Succeed();
        }
        else if (_usesDma && fields == CdFields.User)
        {
            _step = AtapiStep.MediumDma;
            AskDma();
        }
        else
        {
            ReadChunk();
        }
    }

    private void ReadChunk()
    {
        _step = AtapiStep.Reading;
        Status = IdeStatus.Busy;
        var length = CdSector.Length(_fields);
        var blocks = (int)Math.Min(_left, Math.Min(PioBuffer.Capacity / length, ChunkBlocks));
        var bytes = Buffer.Prepare(blocks * length);
        var user = _fields == CdFields.User ? bytes : new byte[blocks * CdSector.UserLength];
        Submit(BlockOperation.Read, (ulong)_block * CdSector.UserLength, (ulong)user.Length, [user], status =>
        {
            if (status != BlockStatus.Done)
            {
                Refuse(ScsiSense.ReadError);
                return;
            }
            for (var i = 0; i < blocks && _fields != CdFields.User; i++)
                CdSector.Make(_block + (uint)i, user.Span.Slice(i * CdSector.UserLength, CdSector.UserLength), _fields, bytes.Span.Slice(i * length, length));
            MoveOn((uint)blocks);
            SendBuffer();
        });
    }

    private void MoveOn(uint blocks)
    {
        _block += blocks;
        _left -= blocks;
    }

    private void Succeed()
    {
        Registers.CountByte = StatusPhase;
        End(IdeStatus.Idle);
    }

    /// <summary>Ends a packet command with CHECK CONDITION; the sense key is in the error register, too.</summary>
    private void Refuse(ScsiSense sense)
    {
        const byte illegalRequest = 5;
        _sense = sense;
        Registers.CountByte = StatusPhase;
        base.Fail((byte)(sense.Key << 4 | (sense.Key == illegalRequest ? IdeStatus.Aborted : 0)));
    }

    private byte[] Identify()
    {
        const ushort valid = 0x4000, powerManagement = 1 << 3, packet = 1 << 4, deviceReset = 1 << 9, nop = 1 << 14;
        var words = new IdentifyData
        {
            [0] = 0x85C0, // CD-ROM, removable, DRQ within 50 us, packets of 12 bytes
            [49] = 0x0F00, // IORDY that can be turned off, LBA, DMA
            [50] = valid,
            [51] = 0x0200, // PIO mode 2 without IORDY
            [53] = 0x0006, // words 64-70 and 88 are valid
            [80] = 0x00F0, // ATA/ATAPI-4 to -7
            [82] = powerManagement | packet | deviceReset | nop,
            [83] = valid,
            [84] = valid,
            [85] = powerManagement | packet | deviceReset | nop,
            [87] = valid,
            [93] = (ushort)(IsSecond ? 0x6100 : 0x6001), // a cable with 80 conductors
            [125] = MostLimit,
        };
        words.Describe(_model);
        words.Describe(_modes);
        return words.Sealed();
    }
}
