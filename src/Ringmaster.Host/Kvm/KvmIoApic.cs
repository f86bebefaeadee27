using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ringmaster.Host.Kvm;

/// <summary>struct kvm_ioapic_state.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct KvmIoApic
{
    /// <summary>Inputs of it.</summary>
    public const int InputCount = 24;

    /// <summary>Where its registers are.</summary>
    public ulong Address;

    /// <summary>IOREGSEL.</summary>
    public uint Select;

    /// <summary>IOAPICID, bits 27:24 of the register.</summary>
    public uint Id;

    /// <summary>When taken on, inputs that rise now; when given, those that are high.</summary>
    public uint Inputs;

    private readonly uint _padding;

    /// <summary>The redirection table.</summary>
    public RedirectionTable Entries;

    /// <summary>Its registers.</summary>
    [InlineArray(InputCount)]
    public struct RedirectionTable
    {
        private ulong _entry;
    }
}
