using Ringmaster.Memory;

namespace Ringmaster.Firmware.Boot;

/// <summary>What to boot directly, without firmware.</summary>
/// <param name="Kernel">The kernel image.</param>
public sealed record BootRequest(ReadOnlyMemory<byte> Kernel)
{
    /// <summary>The kernel's name: the first word of a multiboot command line.</summary>
    public string KernelName { get; init; } = "kernel";

    /// <summary>Initrds or modules, in order. For Linux several initrds are joined into one.</summary>
    public IReadOnlyList<BootModule> Modules { get; init; } = [];

    /// <summary>The kernel's command line.</summary>
    public string CommandLine { get; init; } = "";

    /// <summary>Takes the image as raw code and data for this address, whatever it looks like.</summary>
    public GuestPhysicalAddress? LoadAddress { get; init; }

    /// <summary>In which mode to enter the kernel.</summary>
    public BootEntry Entry { get; init; }

    /// <summary>Where the ACPI root pointer lies, if it is there already; told to kernels whose protocol has a field for it.</summary>
    public GuestPhysicalAddress? Rsdp { get; init; }
}
