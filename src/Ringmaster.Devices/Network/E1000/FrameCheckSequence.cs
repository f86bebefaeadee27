namespace Ringmaster.Devices.Network.E1000;

/// <summary>The CRC-32 behind an Ethernet frame (IEEE 802.3 section 3.2.9), eight bytes at a time.</summary>
internal static class FrameCheckSequence
{
    private const uint Polynomial = 0xEDB8_8320;
    private const int Slices = 8;

    private static readonly uint[] s_table = MakeTable();

    /// <summary>Works it out; its bytes go out least significant first.</summary>
    public static uint Of(ReadOnlySpan<byte> frame)
    {
        var crc = uint.MaxValue;
        var table = s_table;
        for (; frame.Length >= Slices; frame = frame[Slices..])
        {
            var next = System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(frame) ^ crc;
            crc = 0;
            for (var i = 0; i < Slices; i++)
                crc ^= table[(Slices - 1 - i) * 256 + (int)(byte)(next >> (8 * i))];
        }
        foreach (var value in frame)
            crc = crc >> 8 ^ table[(byte)(crc ^ value)];
        return ~crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[Slices * 256];
        for (uint i = 0; i < 256; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? crc >> 1 ^ Polynomial : crc >> 1;
            table[i] = crc;
        }
        for (var i = 256; i < table.Length; i++)
            table[i] = table[i - 256] >> 8 ^ table[(byte)table[i - 256]];
        return table;
    }
}
