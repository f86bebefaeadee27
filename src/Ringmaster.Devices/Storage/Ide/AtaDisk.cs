using Ringmaster.Devices.State;

namespace Ringmaster.Devices.Storage.Ide;

/// <summary>A hard disk: the general feature set, 48-bit addresses, SMART and TRIM (ATA/ATAPI-7; ATA8-ACS for TRIM).</summary>
/// <remarks>Its commands are in AtaDisk.Commands, what moves sectors in AtaDisk.Sectors.</remarks>
public sealed partial class AtaDisk : IdeDrive
{
    private const int ChunkSectors = PioBuffer.Capacity / BlockRequest.SectorSize, DmaSectors = 2048, MostMultiple = 16;
    private const byte Active = 0xFF, IdlePower = 0x80, Standby = 0x00;

    private readonly IBlockBackend _backend;
    private readonly IdeModel _model;
    private readonly ulong _capacity;
    private readonly AtaGeometry _native;

    private AtaStep _step;
    private byte _opcode;
    private SectorCommand? _command;
    private ulong _block;
    private uint _left;

    private AtaGeometry _geometry;
    private int _multiple;
    private byte? _power;
    private bool _isWriteCached, _looksAhead, _isSmartEnabled;
    private TransferModes _modes;

    /// <summary>Creates the disk.</summary>
    /// <param name="backend">Its content; at most 2^48 sectors of it are seen.</param>
    /// <param name="model">What it tells about itself; the serial number tells disks apart.</param>
    public AtaDisk(IBlockBackend backend, IdeModel model)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(model);
        (_backend, _model) = (backend, model);
        _capacity = Math.Min(backend.Length / BlockRequest.SectorSize, 1UL << 48);
        _native = AtaGeometry.ForCapacity(_capacity);
        PowerOn();
    }

    private protected override bool MovesByDma => _step is AtaStep.Dma or AtaStep.TrimData;

    private protected override IBlockBackend Backend => _backend;

    private protected override bool IsDataIn => _step == AtaStep.DataIn;

    private protected override bool IsPacket => false;

    private ulong LastBlock => _capacity == 0 ? 0 : _capacity - 1;

    internal override IdeDriveState Capture() => Capture(
        new AtaDiskState(
            _step, _opcode, _block, _left, _geometry.Heads, _geometry.Sectors, _multiple, _power, _isWriteCached, _looksAhead, _isSmartEnabled,
            _modes.Multiword, _modes.Ultra),
        null);

    internal override void Check(string name, IdeDriveState state)
    {
        base.Check(name, state);
        if (state.Disk is not { } disk)
            throw new SavedStateException($"{name}: the saved state has another kind of drive than this machine.");
        if (!IsConsistent(disk, state.Buffer))
            throw new SavedStateException($"{name}: the saved state has a disk in the middle of a command that this disk cannot carry out.");
    }

    internal override void Apply(IdeDriveState state)
    {
        base.Apply(state);
        var disk = state.Disk!;
        (_step, _opcode, _command, _block, _left) = (disk.Step, disk.Opcode, SectorCommand.Find(disk.Opcode), disk.Block, disk.Left);
        _geometry = AtaGeometry.Translated(_capacity, Math.Clamp(disk.Heads, 1, 16), Math.Clamp(disk.Sectors, 1, 255));
        if ((_geometry.Heads, _geometry.Sectors) == (_native.Heads, _native.Sectors))
            _geometry = _native;
        _multiple = int.IsPow2(disk.Multiple) && disk.Multiple <= MostMultiple ? disk.Multiple : 0;
        _power = disk.Power;
        (_isWriteCached, _looksAhead, _isSmartEnabled) = (disk.IsWriteCached, disk.LooksAhead, disk.IsSmartEnabled);
        _modes = new TransferModes(disk.MultiwordMode, disk.UltraMode).InRange();
        Status = _step switch
        {
            AtaStep.Idle => (byte)(IdeStatus.Idle | state.Status & IdeStatus.Error),
            AtaStep.DataIn or AtaStep.DataOut => IdeStatus.Idle | IdeStatus.Data,
            _ => IdeStatus.Busy,
        };
    }

    internal override void Resume()
    {
        switch (_step)
        {
            case AtaStep.Reading:
                ReadChunk();
                break;
            case AtaStep.Writing:
                WriteChunk();
                break;
            case AtaStep.Verifying:
                VerifyChunk();
                break;
            case AtaStep.Flushing:
                Flush();
                break;
            case AtaStep.Trimming:
                TrimNext();
                break;
        }
    }

    private protected override void Forget() => (_step, _opcode, _command, _block, _left) = (AtaStep.Idle, 0, null, 0, 0);

    /// <summary>A software reset leaves settings as they are; it wakes the disk from sleep into standby (ATA/ATAPI-7 volume 1, 4.6.3).</summary>
    private protected override void Restarted() => _power ??= Standby;

    private protected override void PowerOn()
    {
        Forget();
        (_geometry, _multiple, _power) = (_native, 0, Active);
        (_isWriteCached, _looksAhead, _isSmartEnabled) = (true, true, true);
        _modes = TransferModes.AfterReset;
    }

    /// <summary>Whether a disk could be where a state says that it is.</summary>
    private bool IsConsistent(AtaDiskState disk, PioBufferState buffer)
    {
        const int sector = BlockRequest.SectorSize;
        var command = SectorCommand.Find(disk.Opcode);
        var hasSectors = command is not null && disk.Left is > 0 and <= 65536 && disk.Block < _capacity && disk.Left <= _capacity - disk.Block;
        var chunk = Math.Min(disk.Left, ChunkSectors) * sector;
        var (isAligned, isPio) = (buffer.Start % sector == 0 && buffer.End % sector == 0, command?.Mode is SectorMode.Single or SectorMode.Multiple);
        var isInBlock = buffer.Position < buffer.End;
        return disk.Step switch
        {
            AtaStep.Idle or AtaStep.Flushing => true,
            AtaStep.DataIn when command is null => isInBlock && buffer.End == buffer.Bytes.Length,
            AtaStep.DataIn => hasSectors && isPio && !command.IsWrite && isAligned && isInBlock && buffer.Bytes.Length % sector == 0
                && (buffer.Bytes.Length - buffer.Start) / sector <= disk.Left,
            AtaStep.DataOut => hasSectors && isPio && command!.IsWrite && isAligned && isInBlock && buffer.Bytes.Length == chunk,
            AtaStep.Reading => hasSectors && isPio && !command!.IsWrite,
            AtaStep.Writing => hasSectors && isPio && command!.IsWrite && buffer.Bytes.Length == chunk,
            AtaStep.Dma => hasSectors && command!.Mode == SectorMode.Dma,
            AtaStep.Verifying => hasSectors && command!.Mode == SectorMode.Verify,
            AtaStep.TrimData => isInBlock && buffer.End == buffer.Bytes.Length && buffer.End % sector == 0,
            AtaStep.Trimming => buffer.End == buffer.Bytes.Length && buffer.End % sector == 0 && buffer.Position % TrimEntry == 0,
            _ => false,
        };
    }
}
