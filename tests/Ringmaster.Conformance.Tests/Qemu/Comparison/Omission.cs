namespace Ringmaster.Conformance.Tests.Qemu.Comparison;

/// <summary>Why a case cannot be compared.</summary>
public enum Omission
{
    /// <summary>What the outside is asked and answers is part of the case: device memory, the local APIC, several port accesses.</summary>
    AsksOutside,

    /// <summary>It starts in the shadow of an instruction before it; QEMU's VMRUN takes none (APM 2 15.21.5).</summary>
    StartsInShadow,

    /// <summary>Time passes in QEMU.</summary>
    ReadsTheClock,

    /// <summary>CPUID returns QEMU's own model.</summary>
    ReadsTheModel,

    /// <summary>QEMU's emulated processor lacks what the case is about.</summary>
    LacksTheFeature,

    /// <summary>SVM is what the loader runs cases with, so it is there.</summary>
    UsesVirtualization,
}
