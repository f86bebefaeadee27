using System.Buffers.Binary;

namespace Ringmaster.Devices.Storage.Ata;

/// <summary>Commands about the device rather than its content.</summary>
internal sealed partial class AtaDisk
{
    private const ulong SmartKey = 0xC24F00, SmartKeyBits = 0xFFFF00;
    private const byte QueueErrorLog = 0x10;

    /// <summary>A queued command has failed: keeps what the log about it says (SATA 3.0 section 13.7.3).</summary>
    public void NoteQueueError(int tag, byte status, byte error, ulong lba, ulong sectors)
    {
        var page = new byte[AtaIdentity.Size];
        page[0] = (byte)tag;
        (page[2], page[3]) = (status, error);
        for (var i = 0; i < 3; i++)
        {
            page[4 + i] = (byte)(lba >> (8 * i));
            page[8 + i] = (byte)(lba >> (24 + 8 * i));
        }
        page[7] = UsesLba;
        BinaryPrimitives.WriteUInt16LittleEndian(page.AsSpan(12), (ushort)sectors);
        page[511] = AtaIdentity.Checksum(page);
        _settings = _settings with { QueueError = page };
    }

    private AtaAction BeginWithoutData(in AtaCommand command)
    {
        switch ((AtaOpcode)command.Opcode)
        {
            case >= AtaOpcode.Recalibrate and < AtaOpcode.ReadSectors or AtaOpcode.Seek or AtaOpcode.InitializeParameters:
                return AtaAction.Done;
            case AtaOpcode.ReadVerify or AtaOpcode.ReadVerifyOnce or AtaOpcode.ReadVerifyExt:
                var isExtended = command.Opcode == (byte)AtaOpcode.ReadVerifyExt;
                var isThere = LbaOf(command, isExtended) is { } lba && IsOnDisk(lba, (ulong)CountOf(command, isExtended));
                return isThere ? AtaAction.Done : AtaAction.Fail(AtaRegisters.ErrorNotFound);
            case AtaOpcode.ExecuteDiagnostic:
                return AtaAction.Done with { Lba = 1, Count = 1, Diagnosis = AtaRegisters.Diagnosed };
            case AtaOpcode.ReadNativeMax:
                var last = Math.Min(disk.Length / Sector, 0x1000_0000) - 1;
                return AtaAction.Done with { Lba = last & 0xFF_FFFF, Device = (byte)((command.Device & 0xF0) | (int)(last >> 24 & 0x0F)) };
            case AtaOpcode.ReadNativeMaxExt:
                return AtaAction.Done with { Lba = (disk.Length / Sector - 1) & 0xFFFF_FFFF_FFFF };
            case AtaOpcode.SetMultiple:
                return SetMultiple(command.Count & 0xFF);
            case AtaOpcode.StandbyImmediate or AtaOpcode.Standby or AtaOpcode.Sleep:
                _settings = _settings with { IsStandby = true };
                return Flush();
            case AtaOpcode.IdleImmediate or AtaOpcode.Idle:
                _settings = _settings with { IsStandby = false };
                return AtaAction.Done;
            case AtaOpcode.CheckPowerMode:
                return AtaAction.Done with { Count = _settings.IsStandby ? (ushort)0 : (ushort)0xFF };
            case AtaOpcode.SetFeatures:
                return SetFeatures(command);
            default:
                return AtaAction.Fail(AtaRegisters.ErrorAbort);
        }
    }

    private AtaAction SetMultiple(int count)
    {
        if (count > AtaIdentity.MostMultiple || (count != 0 && !int.IsPow2(count)))
            return AtaAction.Fail(AtaRegisters.ErrorAbort);
        _settings = _settings with { MultipleCount = count };
        return AtaAction.Done;
    }

    private AtaAction SetFeatures(in AtaCommand command)
    {
        const byte enableCache = 0x02, setMode = 0x03, disableCache = 0x82, disableLookAhead = 0x55, enableLookAhead = 0xAA;
        const byte revert = 0xCC, doNotRevert = 0x66;
        switch (command.Features & 0xFF)
        {
            case enableCache:
                _settings = _settings with { WriteCache = true };
                return AtaAction.Done;
            case disableCache:
                _settings = _settings with { WriteCache = false };
                return Flush();
            case enableLookAhead or disableLookAhead:
                _settings = _settings with { LookAhead = (command.Features & 0xFF) == enableLookAhead };
                return AtaAction.Done;
            case revert or doNotRevert:
                return AtaAction.Done;
            case setMode:
                return SetMode(command.Count & 0xFF);
            default:
                return AtaAction.Fail(AtaRegisters.ErrorAbort);
        }
    }

    /// <summary>The kind of transfer is in bits 7 to 3, the mode in bits 2 to 0 (ATA8-ACS section 7.48.7).</summary>
    private AtaAction SetMode(int value)
    {
        var mode = value & 7;
        switch (value >> 3)
        {
            case 0 when mode <= 1:
            case 1 when mode <= 4:
                return AtaAction.Done;
            case 4 when mode <= 2:
                _settings = _settings with { MultiwordMode = mode, UltraMode = -1 };
                return AtaAction.Done;
            case 8 when mode <= 6:
                _settings = _settings with { UltraMode = mode, MultiwordMode = -1 };
                return AtaAction.Done;
            default:
                return AtaAction.Fail(AtaRegisters.ErrorAbort);
        }
    }

    /// <summary>The directory of logs, and the log about queued commands; reading the latter empties it.</summary>
    private AtaAction ReadLog(in AtaCommand command, AtaProtocol protocol)
    {
        var (log, first) = ((byte)command.Lba, (command.Lba >> 8 & 0xFF) | (command.Lba >> 24 & 0xFF00));
        if (command.Count != 1 || first != 0 || log is not (0 or QueueErrorLog) || (log == QueueErrorLog && !isSerialAta))
            return AtaAction.Fail(AtaRegisters.ErrorAbort);
        var page = new byte[AtaIdentity.Size];
        if (log == 0)
        {
            page[0] = 1;
            page[2 * QueueErrorLog] = isSerialAta ? (byte)1 : (byte)0;
        }
        else if (_settings.QueueError.Length != 0)
        {
            page = _settings.QueueError;
            _settings = _settings with { QueueError = [] };
        }
        else
        {
            page[0] = 0x80; // none has failed
            page[511] = AtaIdentity.Checksum(page);
        }
        return AtaAction.Return(protocol, page);
    }

    /// <summary>SMART (ATA8-ACS section 7.53): a disk that has no attributes and is always in order.</summary>
    private AtaAction Smart(in AtaCommand command)
    {
        const byte readData = 0xD0, readThresholds = 0xD1, autosave = 0xD2, offline = 0xD4, enable = 0xD8, disable = 0xD9, status = 0xDA;
        var function = command.Features & 0xFF;
        if ((command.Lba & SmartKeyBits) != SmartKey || (!_settings.IsSmartEnabled && function != enable))
            return AtaAction.Fail(AtaRegisters.ErrorAbort);
        switch (function)
        {
            case readData or readThresholds:
                var page = new byte[AtaIdentity.Size];
                page[0] = 1;
                page[511] = AtaIdentity.Checksum(page);
                return AtaAction.Return(AtaProtocol.PioIn, page);
            case autosave or offline:
                return AtaAction.Done;
            case enable or disable:
                _settings = _settings with { IsSmartEnabled = function == enable };
                return AtaAction.Done;
            case status:
                return AtaAction.Done with { Lba = SmartKey };
            default:
                return AtaAction.Fail(AtaRegisters.ErrorAbort);
        }
    }
}
