namespace Ringmaster.Devices.Chipset.RealTimeClock;

/// <summary>The three alarm registers. One whose two top bits are set matches anything.</summary>
/// <param name="format">How the registers are written.</param>
/// <param name="hours">Register 5.</param>
/// <param name="minutes">Register 3.</param>
/// <param name="seconds">Register 1.</param>
internal readonly struct RtcAlarm(RtcFormat format, byte hours, byte minutes, byte seconds)
{
    private const long SecondsPerDay = 86_400;

    /// <summary>The first second after a given one at which the alarm goes off.</summary>
    /// <param name="second">In seconds of the guest's clock.</param>
    /// <returns>Null if the registers hold no time of day.</returns>
    public long? Next(long second)
    {
        var at = second + 1;
        var end = at + SecondsPerDay + 3600;
        // Steps over whole hours and minutes that do not match: some 150 rounds at most.
        while (at < end)
        {
            var ofDay = (int)(at % SecondsPerDay);
            if (!Matches(hours, format.EncodeHour(ofDay / 3600)))
                at += 3600 - (ofDay % 3600);
            else if (!Matches(minutes, format.Encode(ofDay / 60 % 60)))
                at += 60 - (ofDay % 60);
            else if (!Matches(seconds, format.Encode(ofDay % 60)))
                at++;
            else
                return at;
        }
        return null;
    }

    private static bool Matches(byte alarm, byte time) => alarm >= 0xC0 || alarm == time;
}
