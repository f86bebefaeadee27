namespace Ringmaster.Conformance.Tests.Qemu.Explanations;

/// <summary>What kind of difference from QEMU something is.</summary>
public enum Deviation
{
    /// <summary>The manual says otherwise.</summary>
    AgainstTheManual,

    /// <summary>The manual leaves it to the processor.</summary>
    ImplementationDefined,

    /// <summary>Intel's and AMD's processors differ, and QEMU follows one whatever the vendor is.</summary>
    OtherVendor,

    /// <summary>A hidden part that no instruction shows.</summary>
    NotVisible,

    /// <summary>A device's matter.</summary>
    OutsideTheProcessor,
}
