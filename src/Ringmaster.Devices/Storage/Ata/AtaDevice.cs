using Ringmaster.Devices.State;

namespace Ringmaster.Devices.Storage.Ata;

/// <summary>
/// A device with ATA commands: what they do, and what software has set. Moving registers and data is the business of what it hangs
/// on, an IDE channel or a SATA port.
/// </summary>
public abstract class AtaDevice
{
    private protected const byte Active = 0xFF;

    private const byte IdlePower = 0x80, StandbyPower = 0x00;
    private const ulong DiskSignature = 0x00_00_01, PacketSignature = 0xEB_14_01;

    private byte? _power = Active;
    private TransferModes _modes;

    private protected AtaDevice(AtaModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
    }

    /// <summary>What it reads and writes; null if there is no medium.</summary>
    internal abstract IBlockBackend? Backend { get; }

    /// <summary>Whether it is a device of packet commands.</summary>
    internal abstract bool IsPacket { get; }

    /// <summary>What tells software after a reset what kind of device it is, and that it is in order (ATA/ATAPI-7 volume 1, 5.15.3).</summary>
    internal AtaAction Signature =>
        AtaAction.Done with { Lba = IsPacket ? PacketSignature : DiskSignature, Count = 1, Device = 0, Diagnosis = AtaRegisters.Diagnosed };

    /// <summary>The status after a reset. Devices of packet commands are not ready before their first one (ATA/ATAPI-7 volume 2, 9.2).</summary>
    internal byte StatusAfterReset => IsPacket ? (byte)0 : AtaRegisters.StatusReady;

    private protected AtaModel Model { get; }

    private protected IAtaTransport? Transport { get; private set; }

    private protected AtaCable Cable { get; private set; }

    /// <summary>Connects it. A device is in one place for its life.</summary>
    internal void Attach(IAtaTransport transport, AtaCable cable)
    {
        if (Transport is not null)
            throw new InvalidOperationException("The device hangs on another port already.");
        (Transport, Cable) = (transport, cable);
    }

    /// <summary>Goes back to what is set after power-up, or after a reset by wire, which leaves a tray as it is.</summary>
    internal void Reset(bool isPowerOn)
    {
        (_power, _modes) = (Active, TransferModes.AfterReset(Cable));
        PutBack(isPowerOn);
    }

    /// <summary>A software reset leaves settings as they are; it wakes the device from sleep into standby (ATA/ATAPI-7 volume 1, 4.6.3).</summary>
    internal void SoftwareReset() => _power ??= StandbyPower;

    /// <summary>Begins a command.</summary>
    internal AtaAction Begin(in AtaCommand command)
    {
        // Only a reset ends sleep (ATA/ATAPI-7 volume 1, 4.6.3).
        if (_power is not { } power)
            return AtaAction.Abort;
        const byte setMode = 0x03;
        switch (command.Operation)
        {
            case AtaOpcode.ExecuteDiagnostic:
                return Signature;
            case AtaOpcode.StandbyImmediate or AtaOpcode.OldStandbyImmediate or AtaOpcode.Standby or AtaOpcode.OldStandby:
                _power = StandbyPower;
                return Rest();
            case AtaOpcode.Sleep or AtaOpcode.OldSleep:
                _power = null;
                return Rest();
            case AtaOpcode.IdleImmediate or AtaOpcode.OldIdleImmediate or AtaOpcode.Idle or AtaOpcode.OldIdle:
                _power = IdlePower;
                return AtaAction.Done;
            case AtaOpcode.CheckPowerMode or AtaOpcode.OldCheckPowerMode:
                return AtaAction.Done with { Count = power };
            case AtaOpcode.SetFeatures when command.Subcommand == setMode:
                return _modes.TryChoose(command.ShortCount, out _modes) ? AtaAction.Done : AtaAction.Abort;
            default:
                return Execute(command);
        }
    }

    /// <summary>Data that a command needs has come; see <see cref="AtaAction.Parameter"/>.</summary>
    /// <param name="command">The command.</param>
    /// <param name="data">The data; less or more than it asked for only after a bad state was restored.</param>
    /// <returns>What comes then.</returns>
    internal abstract AtaAction Receive(in AtaCommand command, ReadOnlySpan<byte> data);

    /// <summary>Says how a command ends whose work on the disk has failed.</summary>
    internal abstract AtaAction Refuse(in AtaCommand command, BlockStep step, BlockStatus status);

    /// <summary>Looks whether a state is this device's.</summary>
    /// <exception cref="SavedStateException">It is not.</exception>
    internal void Check(string name, AtaDeviceState state)
    {
        if (state.Packet is null == IsPacket || state.Disk is null != IsPacket)
            throw new SavedStateException($"{name}: the saved state has another kind of drive than this machine.");
        if (state.Disk is { QueueError.Length: not (0 or BlockRequest.SectorSize) })
            throw new SavedStateException($"{name}: the saved state's error log does not have {BlockRequest.SectorSize} bytes.");
    }

    internal AtaDeviceState Capture() => Capture(new AtaDeviceState(_power, _modes.Multiword, _modes.Ultra, null, null));

    /// <summary>Takes on a state that has been checked, bringing what is out of range into it.</summary>
    internal void Apply(AtaDeviceState state)
    {
        (_power, _modes) = (state.Power, TransferModes.AfterReset(Cable).Restored(state.MultiwordMode, state.UltraMode));
        Restore(state);
    }

    private protected abstract AtaAction Execute(in AtaCommand command);

    /// <summary>What must be done before it rests.</summary>
    private protected abstract AtaAction Rest();

    private protected abstract void PutBack(bool isPowerOn);

    private protected abstract AtaDeviceState Capture(AtaDeviceState common);

    private protected abstract void Restore(AtaDeviceState state);

    /// <summary>The medium is used.</summary>
    private protected void WakeUp() => _power = Active;

    /// <summary>What all kinds tell about themselves (ATA/ATAPI-7 volume 1, 6.17; ATA8-ACS 7.16 for SATA).</summary>
    private protected IdentifyData Describe()
    {
        var words = new IdentifyData
        {
            [50] = IdentifyData.Valid,
            [51] = 0x0200, // PIO mode 2 without IORDY
            [93] = Cable switch
            {
                AtaCable.First => 0x6001, // a cable with 80 conductors
                AtaCable.Second => 0x6100,
                _ => 0,
            },
        };
        words.Describe(Model);
        words.Describe(_modes);
        if (Cable == AtaCable.Serial)
            (words[76], words[222]) = (0x0006, 0x1018); // 1.5 and 3 Gb/s
        return words;
    }
}
