namespace Ringmaster.Devices.Storage.Cd;

/// <summary>A place on a CD as minutes, seconds and frames, of which 75 are a second; block 0 is at 00:02:00 (MMC-5 4.2.3.4).</summary>
/// <param name="Minutes">0 to 255; more cannot be told and are cut.</param>
/// <param name="Seconds">0 to 59.</param>
/// <param name="Frames">0 to 74.</param>
internal readonly record struct CdTime(byte Minutes, byte Seconds, byte Frames)
{
    private const uint FramesPerSecond = 75, LeadIn = 2 * FramesPerSecond;

    public static CdTime FromBlock(uint block)
    {
        var frames = (ulong)block + LeadIn;
        var seconds = frames / FramesPerSecond;
        return new CdTime((byte)Math.Min(seconds / 60, 255), (byte)(seconds % 60), (byte)(frames % FramesPerSecond));
    }

    /// <summary>The block, or null if it would lie before the first.</summary>
    public uint? ToBlock()
    {
        var frames = (Minutes * 60u + Seconds) * FramesPerSecond + Frames;
        return frames < LeadIn ? null : frames - LeadIn;
    }

    /// <summary>Writes three bytes, binary.</summary>
    public void Write(Span<byte> bytes) => (bytes[0], bytes[1], bytes[2]) = (Minutes, Seconds, Frames);

    /// <summary>Writes three bytes of two decimal digits each.</summary>
    public void WriteBcd(Span<byte> bytes) => (bytes[0], bytes[1], bytes[2]) = (Bcd(Minutes), Bcd(Seconds), Bcd(Frames));

    private static byte Bcd(byte value) => (byte)(value / 10 % 10 << 4 | value % 10);
}
