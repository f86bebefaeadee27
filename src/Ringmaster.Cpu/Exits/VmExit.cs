using Ringmaster.Memory;

namespace Ringmaster.Cpu.Exits;

/// <summary>A vCPU's request to the outside, as a plain value. The state is that before the instruction that needs the answer.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Address">Port, GPA or MSR number, by kind.</param>
/// <param name="Size">Bytes accessed: 1, 2 or 4 for ports, 1 to 8 for memory.</param>
/// <param name="Data">What is written, by kind; zero otherwise.</param>
public readonly record struct VmExit(VmExitKind Kind, ulong Address = 0, int Size = 0, ulong Data = 0)
{
    /// <summary>The port of a port exit.</summary>
    public IoPort Port => new((ushort)Address);

    /// <summary>The address of an MMIO exit.</summary>
    public GuestPhysicalAddress Gpa => new(Address);

    /// <summary>The register of an MSR exit.</summary>
    public uint Msr => (uint)Address;

    /// <summary>IN.</summary>
    public static VmExit PortRead(IoPort port, int size) => new(VmExitKind.PortRead, port.Value, size);

    /// <summary>OUT.</summary>
    public static VmExit PortWrite(IoPort port, int size, uint data) => new(VmExitKind.PortWrite, port.Value, size, data);

    /// <summary>A load from outside RAM.</summary>
    public static VmExit MmioRead(GuestPhysicalAddress address, int size) => new(VmExitKind.MmioRead, address.Value, size);

    /// <summary>A store outside RAM.</summary>
    public static VmExit MmioWrite(GuestPhysicalAddress address, int size, ulong data) =>
        new(VmExitKind.MmioWrite, address.Value, size, data);

    /// <summary>RDMSR.</summary>
    public static VmExit MsrRead(uint msr) => new(VmExitKind.MsrRead, msr, 8);

    /// <summary>WRMSR.</summary>
    public static VmExit MsrWrite(uint msr, ulong data) => new(VmExitKind.MsrWrite, msr, 8, data);

    /// <summary>The guest has ended an interrupt that came from a level.</summary>
    public static VmExit EndOfInterrupt(byte vector) => new(VmExitKind.EndOfInterrupt, 0, 1, vector);

    /// <summary>CR8 has changed.</summary>
    public static VmExit TaskPriority(ulong value) => new(VmExitKind.TaskPriority, 0, 8, value);
}
