namespace Ringmaster.Host.Kvm;

/// <summary>What a vCPU with a local APIC in the kernel does (api.rst, KVM_GET_MP_STATE).</summary>
public enum KvmActivity : uint
{
    /// <summary>It executes.</summary>
    Running = 0,

    /// <summary>It waits for an INIT.</summary>
    WaitsForInit = 1,

    /// <summary>It has had an INIT and waits for a start-up IPI.</summary>
    WaitsForStartup = 2,

    /// <summary>It has executed HLT and waits for an interrupt.</summary>
    Halted = 3,

    /// <summary>It has had a start-up IPI and is about to execute.</summary>
    StartsUp = 4,
}
