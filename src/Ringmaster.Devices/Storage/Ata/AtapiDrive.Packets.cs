using System.Buffers.Binary;
using Ringmaster.Devices.Storage.Cd;

namespace Ringmaster.Devices.Storage.Ata;

/// <content>The packet commands (SPC-3 6, MMC-5 6).</content>
public sealed partial class AtapiDrive
{
    private const byte TestUnitReady = 0x00, RequestSense = 0x03, Inquiry = 0x12, ModeSense6 = 0x1A, StartStopUnit = 0x1B;
    private const byte PreventAllowRemoval = 0x1E, ReadCapacity = 0x25, Read10 = 0x28, Seek10 = 0x2B, ReadToc = 0x43, GetConfiguration = 0x46;
    private const byte GetEventStatus = 0x4A, ReadDiscInformation = 0x51, ReadTrackInformation = 0x52, ModeSense10 = 0x5A, Read12 = 0xA8;
    private const byte ReadDvdStructure = 0xAD, ReadCdMsf = 0xB9, SetCdSpeed = 0xBB, MechanismStatus = 0xBD, ReadCdCommand = 0xBE;

    private AtaAction Run(ReadOnlySpan<byte> packet)
    {
        var command = packet[0];
        if (command != RequestSense)
            _sense = ScsiSense.None;
        // These are answered whatever has happened (SPC-3 6.4, 6.27; MMC-5 6.5, 6.6).
        if (command is not (RequestSense or Inquiry or GetConfiguration or GetEventStatus) && TakeAttention() is { } attention)
            return Refuse(attention);
        if (NeedsMedium(command) && !HasMedium)
            return Refuse(IsTrayOpen ? ScsiSense.TrayOpen : ScsiSense.NoMedium);
        return Dispatch(packet);
    }

    /// <summary>What the host must be told before anything else, once.</summary>
    private ScsiSense? TakeAttention()
    {
        if (_wasReset)
        {
            _wasReset = false;
            return ScsiSense.WasReset;
        }
        if (!_hasChanged)
            return null;
        _hasChanged = false;
        return ScsiSense.MediumChanged;
    }

    private static bool NeedsMedium(byte command) => command is TestUnitReady or ReadCapacity or Read10 or Read12 or Seek10 or ReadToc
        or ReadDiscInformation or ReadTrackInformation or ReadDvdStructure or ReadCdMsf or ReadCdCommand;

    private AtaAction Dispatch(ReadOnlySpan<byte> packet)
    {
        switch (packet[0])
        {
            case TestUnitReady or SetCdSpeed:
                return Succeed();
            case RequestSense:
                var sense = _sense == ScsiSense.None ? TakeAttention() ?? _sense : _sense;
                _sense = ScsiSense.None;
                return Reply(sense.ToBytes(), packet[4]);
            case Inquiry:
                return ReplyOr(ScsiSense.BadField, MmcReplies.Inquiry(Model, (packet[1] & 1) != 0, packet[2]), Word(packet, 3));
            case StartStopUnit:
                return StartOrStop(packet[4]);
            case PreventAllowRemoval:
                _isLocked = (packet[4] & 1) != 0;
                return Succeed();
            case ModeSense6:
                return ModeSense(packet, isLong: false, packet[4]);
            case ModeSense10:
                return ModeSense(packet, isLong: true, Word(packet, 7));
            case ReadCapacity:
                return Reply(MmcReplies.ReadCapacity(Capacity), int.MaxValue);
            case Read10:
                return Read(Long(packet, 2), Word(packet, 7), CdFields.User);
            case Read12:
                return Read(Long(packet, 2), Long(packet, 6), CdFields.User);
            case ReadCdCommand:
                return ReadCd(packet, Long(packet, 2), Long(packet, 5) & 0x00FF_FFFF);
            case ReadCdMsf:
                return ReadCdByTime(packet);
            case Seek10:
                return Seek(Long(packet, 2));
            case ReadToc:
                // Drives before MMC have the format in the last byte (SFF-8020i 10.8.20).
                var format = packet[2] & 0x0F;
                return ReplyOr(
                    ScsiSense.BadField, MmcReplies.Toc(Capacity, format != 0 ? format : packet[9] >> 6, (packet[1] & 2) != 0, packet[6]), Word(packet, 7));
            case GetConfiguration:
                return Reply(MmcReplies.Configuration(HasMedium, IsDvd, packet[1] & 3, Word(packet, 2)), Word(packet, 7));
            case GetEventStatus when (packet[1] & 1) == 0: // Only polling is supported (MMC-5 6.6.2.1).
                return Refuse(ScsiSense.BadField);
            case GetEventStatus:
                return Reply(EventStatus(packet[4]), Word(packet, 7));
            case ReadDiscInformation when (packet[1] & 7) == 0:
                return Reply(MmcReplies.DiscInformation(), Word(packet, 7));
            case ReadTrackInformation:
                return ReplyOr(ScsiSense.BadField, MmcReplies.TrackInformation(Capacity, packet[1] & 3, Long(packet, 2)), Word(packet, 7));
            case ReadDvdStructure when !IsDvd:
                return Refuse(ScsiSense.WrongMedium);
            case ReadDvdStructure:
                return ReplyOr(ScsiSense.BadField, MmcReplies.DvdStructure(Capacity, packet[7]), Word(packet, 8));
            case MechanismStatus:
                return Reply([0, (byte)(IsTrayOpen ? 0x10 : 0), 0, 0, 0, 0, 0, 0], Word(packet, 8));
            case ReadDiscInformation:
                return Refuse(ScsiSense.BadField);
            default:
                return Refuse(ScsiSense.NoSuchCommand);
        }
    }

    private AtaAction ModeSense(ReadOnlySpan<byte> packet, bool isLong, int room)
    {
        const int saved = 3;
        var kind = packet[2] >> 6;
        return kind == saved
            ? Refuse(ScsiSense.NoSavedPages)
            : ReplyOr(ScsiSense.BadField, MmcReplies.ModeSense(packet[2] & 0x3F, isLong, isChangeable: kind == 1, _isLocked), room);
    }

    private static AtaAction Succeed() => AtaAction.Done with { Count = AtaRegisters.StatusPhase };

    /// <summary>Ends a packet command with CHECK CONDITION; the sense key is in the error register, too.</summary>
    private AtaAction Refuse(ScsiSense sense)
    {
        const byte illegalRequest = 5;
        _sense = sense;
        return Succeed() with { Error = (byte)(sense.Key << 4 | (sense.Key == illegalRequest ? AtaRegisters.ErrorAbort : 0)) };
    }

    /// <summary>Sends an answer, of which the host takes no more than it has room for.</summary>
    private static AtaAction Reply(byte[] content, int room) => Succeed() with { Data = content.AsMemory(0, Math.Min(content.Length, room)) };

    private AtaAction ReplyOr(ScsiSense refusal, byte[]? content, int room) => content is null ? Refuse(refusal) : Reply(content, room);

    private static ushort Word(ReadOnlySpan<byte> packet, int at) => BinaryPrimitives.ReadUInt16BigEndian(packet[at..]);

    private static uint Long(ReadOnlySpan<byte> packet, int at) => BinaryPrimitives.ReadUInt32BigEndian(packet[at..]);
}
