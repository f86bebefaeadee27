namespace Ringmaster.Bench.Experiments;

/// <summary>A nanobenchmark and what its inventors measured, in cycles of a Pentium 4.</summary>
/// <param name="Name">Its name.</param>
/// <param name="About">One line for people.</param>
/// <param name="Native">Without a monitor.</param>
/// <param name="SoftwareMonitor">Under binary translation.</param>
/// <param name="HardwareMonitor">Under first-generation VT-x, without nested paging.</param>
/// <remarks>K. Adams, O. Agesen: A Comparison of Software and Hardware Techniques for x86 Virtualization, ASPLOS 2006, figure 4.</remarks>
internal sealed record NanoReference(string Name, string About, int Native, int SoftwareMonitor, int HardwareMonitor)
{
    /// <summary>All seven.</summary>
    public static IReadOnlyList<NanoReference> All { get; } =
    [
        new("syscall", "SYSCALL from user code and SYSRET back", 242, 2242, 242),
        new("in", "a read from a port that no device minds", 3209, 214, 15826),
        new("cr8wr", "a write to CR8, the task priority", 140, 35, 140),
        new("call/ret", "a call of an empty function", 11, 51, 11),
        new("pgfault", "a page fault, delivered and returned from", 1093, 3927, 11242),
        new("divzero", "a division by zero, delivered and returned from", 889, 3223, 1014),
        new("ptemod", "another frame in the page-table entry of a page in use, with INVLPG", 1, 391, 12733),
    ];
}
