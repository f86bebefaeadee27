using Ringmaster.Devices.State;

namespace Ringmaster.Devices.Storage.Ide;

/// <summary>A CD- and DVD-ROM drive (ATA/ATAPI-7 PACKET feature set; MMC-5, SPC-3).</summary>
/// <remarks>
/// Its protocol is in AtapiDrive.Protocol, the packet commands in AtapiDrive.Packets, those about the medium in AtapiDrive.Medium.
/// Which medium is in it is not a part of its saved state: whoever restores a machine puts the medium in first.
/// </remarks>
public sealed partial class AtapiDrive : IdeDrive
{
    /// <summary>The command that a busy drive takes, too.</summary>
    internal const byte DeviceReset = 0x08;

    private const int PacketSize = 12, MostLimit = 0xFFFE;
    private const byte Active = 0xFF, IdlePower = 0x80, Standby = 0x00;

    private readonly IdeModel _model;

    private IBlockBackend? _medium;
    private AtapiStep _step;
    private bool _usesDma;
    private int _limit;
    private uint _block, _left;
    private CdFields _fields;

    private ScsiSense _sense;
    private bool _wasReset, _hasChanged, _isLocked;
    private MediaEvent _event;
    private byte? _power;
    private TransferModes _modes;

    /// <summary>Creates the drive.</summary>
    /// <param name="medium">What is in it, in blocks of 2048 bytes; null for nothing.</param>
    /// <param name="model">What it tells about itself. INQUIRY shows 24 characters of the model and 4 of the firmware.</param>
    public AtapiDrive(IBlockBackend? medium, IdeModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        (_medium, _model) = (medium, model);
        PowerOn();
    }

    private protected override IBlockBackend? Backend => _medium;

    private protected override bool MovesByDma => _step is AtapiStep.BufferDma or AtapiStep.MediumDma;

    private protected override bool IsDataIn => _step is AtapiStep.DataIn or AtapiStep.Identification;

    private protected override bool IsPacket => true;

    internal override IdeDriveState Capture() => Capture(
        null,
        new AtapiDriveState(
            _step, _usesDma, _limit, _block, _left, (byte)_fields, _sense, _wasReset, _hasChanged, _event, IsTrayOpen, _isLocked, _power,
            _modes.Multiword, _modes.Ultra));

    internal override void Check(string name, IdeDriveState state)
    {
        base.Check(name, state);
        if (state.Packet is not { } drive)
            throw new SavedStateException($"{name}: the saved state has another kind of drive than this machine.");
        if (!IsConsistent(drive, state.Buffer))
            throw new SavedStateException($"{name}: the saved state has a CD drive in the middle of a command that this drive cannot carry out.");
    }

    internal override void Apply(IdeDriveState state)
    {
        base.Apply(state);
        var drive = state.Packet!;
        (_step, _usesDma, _limit, _block, _left) = (drive.Step, drive.UsesDma, drive.Limit, drive.Block, drive.Left);
        _fields = (CdFields)drive.Fields & CdFields.All;
        (_sense, _wasReset, _hasChanged) = (drive.Sense, drive.WasReset, drive.HasChanged);
        _event = Enum.IsDefined(drive.Event) ? drive.Event : MediaEvent.None;
        (IsTrayOpen, _isLocked, _power) = (drive.IsTrayOpen, drive.IsLocked, drive.Power);
        _modes = new TransferModes(drive.MultiwordMode, drive.UltraMode).InRange();
        Status = _step switch
        {
            AtapiStep.Idle => (byte)(state.Status & (IdeStatus.Idle | IdeStatus.Error)),
            AtapiStep.Packet or AtapiStep.DataIn or AtapiStep.Identification => IdeStatus.Idle | IdeStatus.Data,
            _ => IdeStatus.Busy,
        };
    }

    internal override void Resume()
    {
        if (_step == AtapiStep.Reading)
            ReadChunk();
    }

    private protected override void Forget() => (_step, _usesDma, _limit, _block, _left, _fields) = (AtapiStep.Idle, false, 0, 0, 0, CdFields.None);

    private protected override void Restarted() => _power ??= Standby;

    private protected override void PowerOn()
    {
        Forget();
        (_sense, _wasReset, _hasChanged, _event) = (ScsiSense.None, true, false, MediaEvent.None);
        (IsTrayOpen, _isLocked, _power, _modes) = (false, false, Active, TransferModes.AfterReset);
    }

    /// <summary>Whether a drive could be where a state says that it is.</summary>
    private bool IsConsistent(AtapiDriveState drive, PioBufferState buffer)
    {
        var reads = drive.Left > 0 && drive.Block < Capacity && drive.Left <= Capacity - drive.Block;
        var isInBlock = buffer.Position < buffer.End;
        var fields = (CdFields)drive.Fields & CdFields.All;
        var hasLimit = drive.Limit is >= 2 and <= MostLimit && drive.Limit % 2 == 0;
        var goesOn = drive.Left == 0 || (reads && CdSector.Length(fields) > 0);
        return drive.Step switch
        {
            AtapiStep.Idle => true,
            AtapiStep.Identification => isInBlock && buffer.End == buffer.Bytes.Length,
            AtapiStep.Packet => hasLimit && isInBlock && buffer.Start == 0 && buffer.Bytes.Length == PacketSize,
            AtapiStep.Reading => hasLimit && reads && CdSector.Length(fields) > 0,
            AtapiStep.DataIn => hasLimit && goesOn && isInBlock && !drive.UsesDma,
            AtapiStep.BufferDma => hasLimit && goesOn && isInBlock && drive.UsesDma && buffer.End == buffer.Bytes.Length,
            AtapiStep.MediumDma => hasLimit && reads && drive.UsesDma && fields == CdFields.User,
            _ => false,
        };
    }
}
