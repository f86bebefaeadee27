using System.Buffers.Binary;

namespace Ringmaster.Devices.Storage.Ata;

/// <content>Logs (ATA8-ACS 7.24) and SMART (7.53).</content>
public sealed partial class AtaDisk
{
    private const ulong SmartKey = 0xC2_4F_00, SmartKeyBits = 0xFF_FF_00;
    private const byte QueueErrorLog = 0x10;

    /// <summary>A queued command has failed: keeps what the log about it says (SATA 3.0 section 13.7.3).</summary>
    internal void NoteQueueError(int tag, byte status, byte error, ulong lba, ulong sectors)
    {
        var page = new byte[Sector];
        page[0] = (byte)tag;
        (page[2], page[3]) = (status, error);
        for (var i = 0; i < 3; i++)
        {
            page[4 + i] = (byte)(lba >> (8 * i));
            page[8 + i] = (byte)(lba >> (24 + 8 * i));
        }
        page[7] = AtaRegisters.DeviceLba;
        BinaryPrimitives.WriteUInt16LittleEndian(page.AsSpan(12), (ushort)sectors);
        page[^1] = IdentifyData.Checksum(page);
        _settings = _settings with { QueueError = page };
    }

    /// <summary>The directory of logs, and the log about queued commands; reading the latter empties it.</summary>
    private AtaAction ReadLog(in AtaCommand command, AtaProtocol protocol)
    {
        var isSerial = Cable == AtaCable.Serial;
        var (log, first) = ((byte)command.Lba, (command.Lba >> 8 & 0xFF) | (command.Lba >> 24 & 0xFF00));
        if (command.Count != 1 || first != 0 || (log != 0 && !(log == QueueErrorLog && isSerial)))
            return AtaAction.Abort;
        var page = new byte[Sector];
        if (log == 0)
        {
            page[0] = 1;
            page[2 * QueueErrorLog] = isSerial ? (byte)1 : (byte)0;
        }
        else if (_settings.QueueError.Length != 0)
        {
            page = _settings.QueueError;
            _settings = _settings with { QueueError = [] };
        }
        else
        {
            page[0] = 0x80; // none has failed
            page[^1] = IdentifyData.Checksum(page);
        }
        return AtaAction.Return(protocol, page);
    }

    private AtaAction Smart(in AtaCommand command)
    {
        const byte readData = 0xD0, readThresholds = 0xD1, autosave = 0xD2, test = 0xD4, readLog = 0xD5, enable = 0xD8, disable = 0xD9, returnStatus = 0xDA;
        var function = command.Subcommand;
        if ((command.Lba & SmartKeyBits) != SmartKey || (!_settings.IsSmartEnabled && function != enable))
            return AtaAction.Abort;
        switch (function)
        {
            case readData:
                return AtaAction.Return(AtaProtocol.PioIn, SmartPages.Data());
            case readThresholds:
                return AtaAction.Return(AtaProtocol.PioIn, SmartPages.Thresholds());
            case readLog when command.ShortCount == 1 && SmartPages.Log((byte)command.Lba) is { } log:
                return AtaAction.Return(AtaProtocol.PioIn, log);
            case enable or disable:
                _settings = _settings with { IsSmartEnabled = function == enable };
                return AtaAction.Done;
            case autosave or test or returnStatus: // The key in the registers, unchanged, says that no threshold is exceeded.
                return AtaAction.Done;
            default:
                return AtaAction.Abort;
        }
    }
}
