namespace Ringmaster.Bench.Boot;

/// <summary>One boot.</summary>
/// <param name="ToMarker">Seconds from starting the command to the marker on the console.</param>
/// <param name="KernelToInit">Seconds from the kernel's start to its init, by the kernel's own clock.</param>
/// <param name="PeakResident">Bytes of the process that were in host memory at most (VmHWM).</param>
/// <param name="GuestRam">Bytes of them that are the guest's RAM.</param>
/// <param name="Failure">Why the marker was not reached; null if it was.</param>
internal sealed record BootSample(double? ToMarker, double? KernelToInit, long? PeakResident, long? GuestRam, string? Failure)
{
    /// <summary>Mebibytes that the monitor itself needs.</summary>
    public double? OverheadMebibytes => PeakResident is { } peak && GuestRam is { } ram ? (peak - ram) / 1048576.0 : null;
}
