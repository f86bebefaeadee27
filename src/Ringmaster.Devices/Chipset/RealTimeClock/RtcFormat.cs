namespace Ringmaster.Devices.Chipset.RealTimeClock;

/// <summary>How register B wants time registers written: BCD or binary, 12 or 24 hours.</summary>
/// <param name="binary">Bit DM.</param>
/// <param name="hours24">Bit 24/12.</param>
internal readonly struct RtcFormat(bool binary, bool hours24)
{
    private const byte Afternoon = 0x80;

    public byte Encode(int value) => (byte)(binary ? value : (value / 10 << 4) | (value % 10));

    public int Decode(byte value) => binary ? value : ((value >> 4) * 10) + (value & 15);

    public byte EncodeHour(int hour)
    {
        if (hours24)
            return Encode(hour);
        var twelve = hour % 12 == 0 ? 12 : hour % 12;
        return (byte)(Encode(twelve) | (hour >= 12 ? Afternoon : 0));
    }

    public int DecodeHour(byte value)
    {
        if (hours24)
            return Decode(value);
        return (Decode((byte)(value & ~Afternoon)) % 12) + ((value & Afternoon) != 0 ? 12 : 0);
    }
}
