using System.Buffers.Binary;

namespace Ringmaster.Devices.Storage.Ata;

/// <summary>What SMART tells (ATA8-ACS 7.53) of a disk that has never had an error, and whose self-tests pass at once.</summary>
internal static class SmartPages
{
    // Attributes that monitoring software expects, each at its best value: identifier, and whether it predicts failure.
    private static readonly (byte Id, bool Predicts)[] s_attributes = [(1, true), (5, true), (9, false), (12, false), (197, false), (198, false), (199, false)];

    /// <summary>The attributes, and what the disk can do.</summary>
    public static byte[] Data()
    {
        const byte best = 100;
        const int offlineCapability = 367, smartCapability = 368, errorLogging = 370, shortTest = 372, longTest = 373;
        var data = Structure(0x0010);
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
        return Sealed(data);
    }

    /// <summary>At which values attributes would predict failure.</summary>
    public static byte[] Thresholds()
    {
        var data = Structure(0x0010);
        for (var i = 0; i < s_attributes.Length; i++)
            data[2 + 12 * i] = s_attributes[i].Id;
        return Sealed(data);
    }

    /// <summary>The directory, the error log and the self-test log; the last two are empty. Null for others.</summary>
    public static byte[]? Log(byte address)
    {
        switch (address)
        {
            case 0:
                var directory = Structure(1);
                directory[2 * 1] = directory[2 * 6] = 1;
                return directory;
            case 1 or 6:
                return Sealed(Structure(1));
            default:
                return null;
        }
    }

    private static byte[] Structure(ushort revision)
    {
        var data = new byte[BlockRequest.SectorSize];
        BinaryPrimitives.WriteUInt16LittleEndian(data, revision);
        return data;
    }

    private static byte[] Sealed(byte[] data)
    {
        data[^1] = IdentifyData.Checksum(data);
        return data;
    }
}
