namespace Ringmaster.Guests.Tests.Linux;

/// <summary>Warnings that a guest shows here and not under QEMU, each with the reason why that is right.</summary>
internal static class AcceptedComplaints
{
    private const string LateHost = "the host ran something else in between, as one with fewer processors than vCPUs must";

    private static readonly (string Start, string Reason)[] s_list =
    [
        (" #", "a list of processors that goes on, which gets the default level"),
        ("hrtimer: interrupt took", LateHost),
        ("tsc: Unable to calibrate against PIT", LateHost),
        ("tsc: PIT calibration deviates from", LateHost),
        ("..... APIC calibration not consistent with PM-Timer", LateHost),
    ];

    public static bool Has(string text) => s_list.Any(one => text.StartsWith(one.Start, StringComparison.Ordinal));
}
