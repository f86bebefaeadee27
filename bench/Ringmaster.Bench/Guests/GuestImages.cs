namespace Ringmaster.Bench.Guests;

/// <summary>What was built for guests; paths of files.</summary>
/// <param name="Init">The first program of the Linux guest.</param>
/// <param name="Programs">The benchmark programs.</param>
/// <param name="Nothing">A program that ends at once.</param>
/// <param name="Server">What the second guest of the network programs runs.</param>
/// <param name="Nano">The nanobenchmarks' kernel.</param>
/// <param name="Exits">The kernel that asks the monitor.</param>
/// <param name="First">Firmware that says that it runs.</param>
internal sealed record GuestImages(string Init, string Programs, string Nothing, string Server, string Nano, string Exits, string First);
