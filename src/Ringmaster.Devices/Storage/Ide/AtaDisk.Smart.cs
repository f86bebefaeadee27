using System.Buffers.Binary;

namespace Ringmaster.Devices.Storage.Ide;

/// <content>SMART (ATA/ATAPI-7 volume 1, 6.51): a disk that has never had an error, and whose self-tests pass at once.</content>
public sealed partial class AtaDisk
{
    private const ushort SmartKey = 0xC24F;

    // Attributes that monitoring software expects, each at its best value: identifier, and whether it predicts failure.
    private static readonly (byte Id, bool Predicts)[] s_attributes = [(1, true), (5, true), (9, false), (12, false), (197, false), (198, false), (199, false)];

    private void Smart()
    {
        const byte readData = 0xD0, readThresholds = 0xD1, autosave = 0xD2, test = 0xD4, readLog = 0xD5, enable = 0xD8, disable = 0xD9, returnStatus = 0xDA;
        var feature = Registers.FeatureBits;
        if (Registers.Cylinder != SmartKey || (!_isSmartEnabled && feature != enable))
        {
            Fail(IdeStatus.Aborted);
            return;
        }
        switch (feature)
        {
            case readData:
                Send(SmartData());
                break;
            case readThresholds:
                Send(SmartThresholds());
                break;
            case readLog when SmartLog(Registers.LowByte) is { } log && Registers.CountByte == 1:
                Send(log);
                break;
            case enable or disable:
                _isSmartEnabled = feature == enable;
                End(IdeStatus.Idle);
                break;
            case autosave or test:
            case returnStatus: // The key in the registers, unchanged, says that no threshold is exceeded.
                End(IdeStatus.Idle);
                break;
            default:
                Fail(IdeStatus.Aborted);
                break;
        }
    }

    private static byte[] SmartData()
    {
        const byte best = 100;
        const int offlineCapability = 367, smartCapability = 368, errorLogging = 370, shortTest = 372, longTest = 373;
        var data = SmartStructure(0x0010);
        for (var i = 0; i < s_attributes.Length; i++)
        {
            var (id, predicts) = s_attributes[i];
            var entry = data.AsSpan(2 + 12 * i, 12);
            (entry[0], entry[1], entry[3], entry[4]) = (id, (byte)(predicts ? 3 : 2), best, best);
        }
        data[offlineCapability] = 0x11; // off-line collection and self-tests, by command
        data[smartCapability] = 0x03;
        data[errorLogging] = 0x01;
        (data[shortTest], data[longTest]) = (1, 1); // minutes
        return SmartSealed(data);
    }

    private static byte[] SmartThresholds()
    {
        var data = SmartStructure(0x0010);
        for (var i = 0; i < s_attributes.Length; i++)
            data[2 + 12 * i] = s_attributes[i].Id;
        return SmartSealed(data);
    }

    /// <summary>The directory, the error log and the self-test log; the last two are empty.</summary>
    private static byte[]? SmartLog(byte address)
    {
        switch (address)
        {
            case 0:
                var directory = SmartStructure(1);
                directory[2 * 1] = directory[2 * 6] = 1;
                return directory;
            case 1 or 6:
                return SmartSealed(SmartStructure(1));
            default:
                return null;
        }
    }

    private static byte[] SmartStructure(ushort revision)
    {
        var data = new byte[BlockRequest.SectorSize];
        BinaryPrimitives.WriteUInt16LittleEndian(data, revision);
        return data;
    }

    private static byte[] SmartSealed(byte[] data)
    {
        data[^1] = IdentifyData.Checksum(data);
        return data;
    }
}
