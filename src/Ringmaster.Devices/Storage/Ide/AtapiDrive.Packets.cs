using System.Buffers.Binary;

namespace Ringmaster.Devices.Storage.Ide;

/// <content>The packet commands (SPC-3 6, MMC-5 6).</content>
public sealed partial class AtapiDrive
{
    private const byte TestUnitReady = 0x00, RequestSense = 0x03, Inquiry = 0x12, ModeSense6 = 0x1A, StartStopUnit = 0x1B;
    private const byte PreventAllowRemoval = 0x1E, ReadCapacity = 0x25, Read10 = 0x28, Seek10 = 0x2B, ReadToc = 0x43, GetConfiguration = 0x46;
    private const byte GetEventStatus = 0x4A, ReadDiscInformation = 0x51, ReadTrackInformation = 0x52, ModeSense10 = 0x5A, Read12 = 0xA8;
    private const byte ReadDvdStructure = 0xAD, ReadCdMsf = 0xB9, SetCdSpeed = 0xBB, MechanismStatus = 0xBD, ReadCdCommand = 0xBE;

    private void Run(ReadOnlySpan<byte> packet)
    {
        var command = packet[0];
        if (command != RequestSense)
            _sense = ScsiSense.None;
        // These are answered whatever has happened (SPC-3 6.4, 6.27; MMC-5 6.5, 6.6).
        if (command is not (RequestSense or Inquiry or GetConfiguration or GetEventStatus) && TakeAttention() is { } attention)
            Refuse(attention);
        else if (NeedsMedium(command) && !HasMedium)
            Refuse(IsTrayOpen ? ScsiSense.TrayOpen : ScsiSense.NoMedium);
        else
            Dispatch(packet);
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

    private void Dispatch(ReadOnlySpan<byte> packet)
    {
        switch (packet[0])
        {
            case TestUnitReady or SetCdSpeed:
                Succeed();
                break;
            case RequestSense:
                var sense = _sense == ScsiSense.None ? TakeAttention() ?? _sense : _sense;
                _sense = ScsiSense.None;
                Reply(sense.ToBytes(), packet[4]);
                break;
            case Inquiry:
                ReplyOr(ScsiSense.BadField, MmcReplies.Inquiry(_model, (packet[1] & 1) != 0, packet[2]), Word(packet, 3));
                break;
            case StartStopUnit:
                StartOrStop(packet[4]);
                break;
            case PreventAllowRemoval:
                _isLocked = (packet[4] & 1) != 0;
                Succeed();
                break;
            case ModeSense6:
                ModeSense(packet, isLong: false, packet[4]);
                break;
            case ModeSense10:
                ModeSense(packet, isLong: true, Word(packet, 7));
                break;
            case ReadCapacity:
                Reply(MmcReplies.ReadCapacity(Capacity), int.MaxValue);
                break;
            case Read10:
                Read(Long(packet, 2), Word(packet, 7), CdFields.User);
                break;
            case Read12:
                Read(Long(packet, 2), Long(packet, 6), CdFields.User);
                break;
            case ReadCdCommand:
                ReadCd(packet, Long(packet, 2), Long(packet, 5) & 0x00FF_FFFF);
                break;
            case ReadCdMsf:
                ReadCdByTime(packet);
                break;
            case Seek10:
                Seek(Long(packet, 2));
                break;
            case ReadToc:
                // Drives before MMC have the format in the last byte (SFF-8020i 10.8.20).
                var format = packet[2] & 0x0F;
                ReplyOr(
                    ScsiSense.BadField, MmcReplies.Toc(Capacity, format != 0 ? format : packet[9] >> 6, (packet[1] & 2) != 0, packet[6]), Word(packet, 7));
                break;
            case GetConfiguration:
                Reply(MmcReplies.Configuration(HasMedium, IsDvd, packet[1] & 3, Word(packet, 2)), Word(packet, 7));
                break;
            case GetEventStatus when (packet[1] & 1) == 0: // Only polling is supported (MMC-5 6.6.2.1).
                Refuse(ScsiSense.BadField);
                break;
            case GetEventStatus:
                Reply(EventStatus(packet[4]), Word(packet, 7));
                break;
            case ReadDiscInformation when (packet[1] & 7) == 0:
                Reply(MmcReplies.DiscInformation(), Word(packet, 7));
                break;
            case ReadTrackInformation:
                ReplyOr(ScsiSense.BadField, MmcReplies.TrackInformation(Capacity, packet[1] & 3, Long(packet, 2)), Word(packet, 7));
                break;
            case ReadDvdStructure when !IsDvd:
                Refuse(ScsiSense.WrongMedium);
                break;
            case ReadDvdStructure:
                ReplyOr(ScsiSense.BadField, MmcReplies.DvdStructure(Capacity, packet[7]), Word(packet, 8));
                break;
            case MechanismStatus:
                Reply([0, (byte)(IsTrayOpen ? 0x10 : 0), 0, 0, 0, 0, 0, 0], Word(packet, 8));
                break;
            case ReadDiscInformation:
                Refuse(ScsiSense.BadField);
                break;
            default:
                Refuse(ScsiSense.NoSuchCommand);
                break;
        }
    }

    private void ModeSense(ReadOnlySpan<byte> packet, bool isLong, int room)
    {
        const int saved = 3;
        var kind = packet[2] >> 6;
        if (kind == saved)
            Refuse(ScsiSense.NoSavedPages);
        else
            ReplyOr(ScsiSense.BadField, MmcReplies.ModeSense(packet[2] & 0x3F, isLong, isChangeable: kind == 1, _isLocked), room);
    }

    private void ReplyOr(ScsiSense refusal, byte[]? content, int room)
    {
        if (content is null)
            Refuse(refusal);
        else
            Reply(content, room);
    }

    private static ushort Word(ReadOnlySpan<byte> packet, int at) => BinaryPrimitives.ReadUInt16BigEndian(packet[at..]);

    private static uint Long(ReadOnlySpan<byte> packet, int at) => BinaryPrimitives.ReadUInt32BigEndian(packet[at..]);
}
