using System.Buffers.Binary;

namespace Ringmaster.Devices.Storage.Ata;

/// <summary>The 256 words by which a device describes itself (ATA/ATAPI-7 volume 1, 6.17 and 6.18).</summary>
internal sealed class IdentifyData
{
    /// <summary>What tells in some words that their other bits mean something.</summary>
    public const ushort Valid = 0x4000;

    private const int SignatureWord = 255;
    private const byte Signature = 0xA5;

    private readonly byte[] _bytes = new byte[BlockRequest.SectorSize];

    public ushort this[int word]
    {
        get => BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(2 * word));
        set => BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(2 * word), value);
    }

    /// <summary>Puts in what identifies the device.</summary>
    public void Describe(AtaModel model)
    {
        Text(10, 20, model.Serial);
        Text(23, 8, model.Firmware);
        Text(27, 40, model.Model);
    }

    public void Put32(int word, uint value) => (this[word], this[word + 1]) = ((ushort)value, (ushort)(value >> 16));

    public void Put64(int word, ulong value)
    {
        Put32(word, (uint)value);
        Put32(word + 2, (uint)(value >> 32));
    }

    /// <summary>Puts in which modes of transfer there are, and which are chosen.</summary>
    public void Describe(TransferModes modes)
    {
        const ushort pio3And4 = 0x0003, nanoseconds = 120;
        this[63] = Modes(TransferModes.MostMultiword, modes.Multiword);
        this[64] = pio3And4;
        for (var word = 65; word <= 68; word++)
            this[word] = nanoseconds; // a cycle of PIO mode 4 and of multiword mode 2
        this[88] = Modes(modes.MostUltra, modes.Ultra);
    }

    /// <summary>Adds signature and checksum, and gives the bytes.</summary>
    public byte[] Sealed()
    {
        this[SignatureWord] = Signature;
        _bytes[^1] = Checksum(_bytes);
        return _bytes;
    }

    /// <summary>What makes all bytes together zero, the last being it.</summary>
    public static byte Checksum(ReadOnlySpan<byte> bytes)
    {
        byte sum = 0;
        foreach (var value in bytes[..^1])
            sum += value;
        return (byte)-sum;
    }

    private static ushort Modes(int most, int chosen) => (ushort)((1 << (most + 1)) - 1 | (chosen < 0 ? 0 : 0x100 << chosen));

    /// <summary>ASCII, two characters a word with the first one in the upper byte, padded with spaces.</summary>
    private void Text(int word, int length, string text)
    {
        for (var i = 0; i < length; i++)
            _bytes[2 * word + (i ^ 1)] = i < text.Length && text[i] is >= ' ' and <= '~' ? (byte)text[i] : (byte)' ';
    }
}
