namespace Ringmaster.Host.Kvm;

/// <summary>Why KVM_RUN came back; the numbers are the kernel's (api.rst, "The kvm_run structure").</summary>
public enum KvmExitReason : uint
{
    /// <summary>The processor gave a reason that the kernel does not know.</summary>
    Unknown = 0,

    /// <summary>An exception of the host's.</summary>
    Exception = 1,

    /// <summary>Port input or output.</summary>
    Io = 2,

    /// <summary>A breakpoint or single step of the debugger.</summary>
    Debug = 4,

    /// <summary>HLT.</summary>
    Halt = 5,

    /// <summary>A load or store outside memory slots, or a store to read-only memory.</summary>
    Mmio = 6,

    /// <summary>An external interrupt can be taken now.</summary>
    InterruptWindow = 7,

    /// <summary>A triple fault.</summary>
    Shutdown = 8,

    /// <summary>The processor refused the guest's state.</summary>
    FailEntry = 9,

    /// <summary>A signal.</summary>
    Interrupted = 10,

    /// <summary>The guest has lowered CR8.</summary>
    SetTpr = 11,

    /// <summary>The kernel is at a loss; see <see cref="KvmRunArea.InternalError"/>.</summary>
    InternalError = 17,

    /// <summary>The guest has ended the interrupt of a level-triggered line.</summary>
    IoApicEoi = 26,

    /// <summary>The guest has placed a page of its synthetic interrupt controller, which is the kernel's.</summary>
    HyperV = 27,

    /// <summary>RDMSR.</summary>
    ReadMsr = 29,

    /// <summary>WRMSR.</summary>
    WriteMsr = 30,
}
