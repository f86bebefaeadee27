namespace Ringmaster.Devices.Storage.Ata;

/// <summary>A CD- and DVD-ROM drive (ATA/ATAPI-7 PACKET feature set; MMC-5, SPC-3).</summary>
/// <remarks>
/// The packet commands are in AtapiDrive.Packets, those about the medium in AtapiDrive.Medium. Which medium is in it is not a part of
/// its saved state: whoever restores a machine puts the medium in first.
/// </remarks>
public sealed partial class AtapiDrive : AtaDevice
{
    /// <summary>Bytes of a packet. Where more are sent, the rest does not count.</summary>
    internal const int PacketSize = 12;

    /// <summary>The most bytes of a block of data by programmed I/O.</summary>
    internal const int MostLimit = 0xFFFE;

    private IBlockBackend? _medium;
    private ScsiSense _sense;
    private bool _wasReset, _hasChanged, _isLocked;
    private MediaEvent _event;

    /// <summary>Creates the drive.</summary>
    /// <param name="medium">What is in it, in blocks of 2048 bytes; null for nothing.</param>
    /// <param name="model">What it tells about itself. INQUIRY shows 24 characters of the model and 4 of the firmware.</param>
    public AtapiDrive(IBlockBackend? medium, AtaModel model) : base(model)
    {
        _medium = medium;
        _wasReset = true;
    }

    internal override IBlockBackend? Backend => _medium;

    internal override bool IsPacket => true;

    internal override AtaAction Receive(in AtaCommand command, ReadOnlySpan<byte> data)
    {
        const byte dma = 0x01;
        if (command.Operation != AtaOpcode.Packet || data.Length < PacketSize)
            return AtaAction.Abort;
        // Word 125 of the identification tells that 0 stands for the most; more is odd, and does not count (6.30.4).
        var limit = command.Cylinder & MostLimit;
        return Run(data[..PacketSize]) with
        {
            Protocol = (command.Subcommand & dma) != 0 ? AtaProtocol.PacketDma : AtaProtocol.Packet,
            Block = limit == 0 ? MostLimit : limit,
        };
    }

    internal override AtaAction Refuse(in AtaCommand command, BlockStep step, BlockStatus status) => Refuse(ScsiSense.ReadError);

    private protected override AtaAction Execute(in AtaCommand command)
    {
        const byte overlapped = 0x02;
        switch (command.Operation)
        {
            case AtaOpcode.DeviceReset:
                return Signature;
            case AtaOpcode.ReadSectors or AtaOpcode.IdentifyDevice: // The signature tells what kind of drive this is.
                return Signature with { Error = AtaRegisters.ErrorAbort, Diagnosis = 0 };
            case AtaOpcode.Packet when (command.Features & overlapped) == 0:
                return new AtaAction(AtaProtocol.Packet) { Parameter = PacketSize };
            case AtaOpcode.IdentifyPacketDevice:
                return AtaAction.Return(AtaProtocol.PioIn, Identify());
            default:
                return AtaAction.Abort;
        }
    }

    private protected override AtaAction Rest() => AtaAction.Done;

    private protected override void PutBack(bool isPowerOn)
    {
        (_sense, _wasReset, _hasChanged, _event, _isLocked) = (ScsiSense.None, true, false, MediaEvent.None, false);
        IsTrayOpen &= !isPowerOn;
    }

    private protected override AtaDeviceState Capture(AtaDeviceState common) =>
        common with { Packet = new AtapiDriveState(_sense, _wasReset, _hasChanged, _event, IsTrayOpen, _isLocked) };

    private protected override void Restore(AtaDeviceState state)
    {
        var drive = state.Packet!;
        (_sense, _wasReset, _hasChanged) = (drive.Sense, drive.WasReset, drive.HasChanged);
        _event = Enum.IsDefined(drive.Event) ? drive.Event : MediaEvent.None;
        (IsTrayOpen, _isLocked) = (drive.IsTrayOpen, drive.IsLocked);
    }

    /// <summary>IDENTIFY PACKET DEVICE (ATA/ATAPI-7 volume 1, 6.18).</summary>
    private byte[] Identify()
    {
        const ushort powerManagement = 1 << 3, packet = 1 << 4, deviceReset = 1 << 9, nop = 1 << 14;
        var words = Describe();
        words[0] = 0x85C0; // CD-ROM, removable, DRQ within 50 us, packets of 12 bytes
        words[49] = 0x0F00; // IORDY that can be turned off, LBA, DMA
        words[53] = 0x0006; // words 64-70 and 88 are valid
        words[80] = 0x00F0; // ATA/ATAPI-4 to -7
        words[82] = words[85] = powerManagement | packet | deviceReset | nop;
        words[83] = words[84] = words[87] = IdentifyData.Valid;
        words[125] = MostLimit;
        return words.Sealed();
    }
}
