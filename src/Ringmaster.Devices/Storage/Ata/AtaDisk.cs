namespace Ringmaster.Devices.Storage.Ata;

/// <summary>A hard disk: the general feature set, 48-bit addresses, SMART and TRIM (ATA8-ACS), queued commands behind a SATA port.</summary>
/// <remarks>What moves sectors is in AtaDisk.Sectors, what it tells about itself in AtaDisk.Identify and AtaDisk.Logs.</remarks>
public sealed partial class AtaDisk : AtaDevice
{
    private const int Sector = BlockRequest.SectorSize, MostMultiple = 16;

    private readonly IBlockBackend _backend;
    private readonly ulong _capacity;
    private readonly AtaGeometry _native;

    private AtaDiskState _settings;

    /// <summary>Creates the disk.</summary>
    /// <param name="backend">Its content; at most 2^48 sectors of it are seen.</param>
    /// <param name="model">What it tells about itself; the serial number tells disks apart.</param>
    public AtaDisk(IBlockBackend backend, AtaModel model) : base(model)
    {
        ArgumentNullException.ThrowIfNull(backend);
        _backend = backend;
        _capacity = Math.Min(backend.Length / Sector, 1UL << 48);
        _native = AtaGeometry.ForCapacity(_capacity);
        _settings = Initial;
    }

    internal override IBlockBackend Backend => _backend;

    internal override bool IsPacket => false;

    private AtaDiskState Initial => new(_native.Heads, _native.Sectors, 0, IsWriteCached: true, LooksAhead: true, IsSmartEnabled: true, []);

    private AtaGeometry Geometry => (_settings.Heads, _settings.Sectors) == (_native.Heads, _native.Sectors)
        ? _native
        : AtaGeometry.Translated(_capacity, _settings.Heads, _settings.Sectors);

    private ulong LastBlock => _capacity == 0 ? 0 : _capacity - 1;

    private protected override AtaAction Execute(in AtaCommand command)
    {
        if (SectorCommand.Find(command.Operation) is { } sectors)
            return Transfer(command, sectors);
        switch (command.Operation)
        {
            case AtaOpcode.DataSetManagement:
                return BeginTrim(command);
            case >= AtaOpcode.Recalibrate and <= AtaOpcode.LastRecalibrate:
                return AtaAction.Done;
            case >= AtaOpcode.Seek and <= AtaOpcode.LastSeek:
                return Find(command, is48: false) is null ? AtaAction.Fail(AtaRegisters.ErrorNotFound) : AtaAction.Done;
            case AtaOpcode.ReadNativeMax:
                return AtaAction.Done with { Lba = ShortLba(LastBlock), Device = ShortDevice(command, LastBlock) };
            case AtaOpcode.ReadNativeMaxExt:
                return AtaAction.Done with { Lba = LastBlock };
            case AtaOpcode.InitializeParameters:
                return Translate(command);
            case AtaOpcode.SetMultiple:
                return SetMultiple(command.ShortCount);
            case AtaOpcode.SetFeatures:
                return SetFeatures(command.Subcommand);
            case AtaOpcode.FlushCache or AtaOpcode.FlushCacheExt:
                return Rest();
            case AtaOpcode.IdentifyDevice:
                return AtaAction.Return(AtaProtocol.PioIn, Identify());
            case AtaOpcode.ReadLogExt:
                return ReadLog(command, AtaProtocol.PioIn);
            case AtaOpcode.ReadLogDmaExt:
                return ReadLog(command, AtaProtocol.DmaIn);
            case AtaOpcode.Smart:
                return Smart(command);
            default: // NOP among them, which always ends so (ATA/ATAPI-7 volume 1, 6.27).
                return AtaAction.Abort;
        }
    }

    private protected override AtaAction Rest() => AtaAction.Done with { Steps = [s_flush] };

    private protected override void PutBack(bool isPowerOn) => _settings = Initial;

    private protected override AtaDeviceState Capture(AtaDeviceState common) => common with { Disk = _settings };

    private protected override void Restore(AtaDeviceState state) => _settings = state.Disk! with
    {
        Heads = Math.Clamp(state.Disk.Heads, 1, 16),
        Sectors = Math.Clamp(state.Disk.Sectors, 1, 255),
        Multiple = IsMultiple(state.Disk.Multiple) ? state.Disk.Multiple : 0,
    };

    private static bool IsMultiple(int sectors) => sectors == 0 || (sectors <= MostMultiple && int.IsPow2(sectors));

    private AtaAction Translate(in AtaCommand command)
    {
        if (command.ShortCount == 0)
            return AtaAction.Abort;
        _settings = _settings with { Heads = command.Head + 1, Sectors = command.ShortCount };
        return AtaAction.Done;
    }

    private AtaAction SetMultiple(int sectors)
    {
        if (!IsMultiple(sectors))
            return AtaAction.Abort;
        _settings = _settings with { Multiple = sectors };
        return AtaAction.Done;
    }

    private AtaAction SetFeatures(byte subcommand)
    {
        const byte enableCache = 0x02, disableCache = 0x82, disableLookAhead = 0x55, enableLookAhead = 0xAA, revert = 0xCC, doNotRevert = 0x66;
        switch (subcommand)
        {
            case enableCache:
                _settings = _settings with { IsWriteCached = true };
                return AtaAction.Done;
            case disableCache:
                // What is cached when the cache is turned off is stored first.
                _settings = _settings with { IsWriteCached = false };
                return Rest();
            case enableLookAhead or disableLookAhead:
                _settings = _settings with { LooksAhead = subcommand == enableLookAhead };
                return AtaAction.Done;
            case revert or doNotRevert: // Whether a software reset restores defaults: here it never does, which both allow.
                return AtaAction.Done;
            default:
                return AtaAction.Abort;
        }
    }
}
