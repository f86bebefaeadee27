using Ringmaster.Devices.Storage.Cd;

namespace Ringmaster.Devices.Storage.Ata;

/// <content>The medium: putting it in, taking it out, and the commands about it.</content>
public sealed partial class AtapiDrive
{
    /// <summary>Blocks of the largest CD; what has more is a DVD.</summary>
    private const uint MostCdBlocks = 100 * 60 * 75;

    /// <summary>Blocks that one command reads at most.</summary>
    private const uint MostBlocks = 65_536;

    /// <summary>Whether the tray is open: the guest has ejected what is in it.</summary>
    public bool IsTrayOpen { get; private set; }

    private uint Capacity => _medium is null ? 0 : (uint)Math.Min(_medium.Length / CdSector.UserLength, uint.MaxValue);

    private bool HasMedium => _medium is not null && !IsTrayOpen;

    private bool IsDvd => Capacity > MostCdBlocks;

    /// <summary>Puts another medium in, or takes the present one out, and closes the tray; whether it is locked does not matter.</summary>
    /// <param name="medium">The new one; null for none. It stays its owner's, as does the old one, which is not used any more.</param>
    public void Insert(IBlockBackend? medium)
    {
        var wasReading = Transport?.GiveUp() == true;
        _medium = medium;
        IsTrayOpen = false;
        NoteChange();
        if (wasReading)
            Transport?.End(Refuse(medium is null ? ScsiSense.NoMedium : TakeAttention() ?? ScsiSense.MediumChanged));
    }

    /// <summary>Presses the button on the drive: opens the tray, or tells the guest about the wish if it has locked the tray.</summary>
    /// <returns>Whether the tray is open.</returns>
    public bool PressEject()
    {
        if (!_isLocked)
            OpenTray();
        else
            _event = MediaEvent.EjectRequested;
        return IsTrayOpen;
    }

    private void OpenTray()
    {
        if (IsTrayOpen)
            return;
        var wasReading = Transport?.GiveUp() == true;
        IsTrayOpen = true;
        _hasChanged = false;
        _event = MediaEvent.Removed;
        if (wasReading)
            Transport?.End(Refuse(ScsiSense.TrayOpen));
    }

    private void CloseTray()
    {
        if (!IsTrayOpen)
            return;
        IsTrayOpen = false;
        NoteChange();
    }

    private void NoteChange()
    {
        _hasChanged = _medium is not null;
        _event = _medium is null ? MediaEvent.Removed : MediaEvent.NewMedium;
    }

    private AtaAction StartOrStop(byte how)
    {
        const byte start = 0x01, loadOrEject = 0x02;
        if ((how & loadOrEject) != 0 && (how & start) != 0)
        {
            CloseTray();
        }
        else if ((how & loadOrEject) != 0)
        {
            if (_isLocked)
                return Refuse(ScsiSense.RemovalPrevented);
            OpenTray();
            // The host has asked for it.
            _event = MediaEvent.None;
        }
        return Succeed();
    }

    private AtaAction Read(uint block, uint blocks, CdFields fields)
    {
        if (block > Capacity || blocks > Capacity - block)
            return Refuse(ScsiSense.NoSuchBlock);
        if (blocks > MostBlocks)
            return Refuse(ScsiSense.BadField);
        WakeUp();
        if (CdSector.Length(fields) == 0)
            return Succeed();
        var whole = new BlockStep(BlockOperation.Read, (ulong)block * CdSector.UserLength, (ulong)blocks * CdSector.UserLength)
        {
            Fields = fields == CdFields.User ? null : fields,
        };
        return Succeed() with { Steps = [.. whole.Split()] };
    }

    /// <summary>READ CD and READ CD MSF (MMC-5 6.20, 6.21): blocks of mode 1 only, without subchannels.</summary>
    private AtaAction ReadCd(ReadOnlySpan<byte> packet, uint block, uint blocks)
    {
        const int anyMode = 0, mode1 = 2, subchannels = 0x07, errors = 0x06;
        if ((packet[1] >> 2 & 7) is not (anyMode or mode1))
            return Refuse(ScsiSense.WrongTrackMode);
        if ((packet[10] & subchannels) != 0 || (packet[9] & errors) != 0)
            return Refuse(ScsiSense.BadField);
        return Read(block, blocks, (CdFields)packet[9] & CdFields.All);
    }

    private AtaAction ReadCdByTime(ReadOnlySpan<byte> packet)
    {
        var first = new CdTime(packet[3], packet[4], packet[5]).ToBlock();
        var end = new CdTime(packet[6], packet[7], packet[8]).ToBlock();
        return first is not { } from || end is not { } to || to < from ? Refuse(ScsiSense.BadField) : ReadCd(packet, from, to - from);
    }

    private AtaAction Seek(uint block) => block >= Capacity ? Refuse(ScsiSense.NoSuchBlock) : Succeed();

    private byte[] EventStatus(byte classes)
    {
        const byte media = 4, supported = 1 << media, noneAvailable = 0x80;
        if ((classes & supported) == 0)
            return [0, 2, noneAvailable, supported];
        var happened = (byte)_event;
        _event = MediaEvent.None;
        return [0, 6, media, supported, happened, (byte)((IsTrayOpen ? 1 : 0) | (HasMedium ? 2 : 0)), 0, 0];
    }
}
