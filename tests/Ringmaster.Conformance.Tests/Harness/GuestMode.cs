namespace Ringmaster.Conformance.Tests.Harness;

/// <summary>The state a case starts in.</summary>
public enum GuestMode
{
    /// <summary>Real mode.</summary>
    Real,

    /// <summary>Virtual-8086 mode with IOPL 3.</summary>
    Virtual8086,

    /// <summary>Virtual-8086 mode with IOPL 0.</summary>
    Virtual8086Restricted,

    /// <summary>32-bit protected mode, level 0, no paging.</summary>
    Kernel32,

    /// <summary>32-bit protected mode, level 3, no paging.</summary>
    User32,

    /// <summary>32-bit protected mode, level 0, 32-bit paging.</summary>
    KernelTwoLevel,

    /// <summary>32-bit protected mode, level 3, 32-bit paging.</summary>
    UserTwoLevel,

    /// <summary>32-bit protected mode, level 0, PAE paging.</summary>
    KernelPae,

    /// <summary>32-bit protected mode, level 3, PAE paging.</summary>
    UserPae,

    /// <summary>64-bit mode, level 0, 4-level paging.</summary>
    Kernel64,

    /// <summary>64-bit mode, level 3, 4-level paging.</summary>
    User64,

    /// <summary>64-bit mode, level 0, 5-level paging.</summary>
    KernelFiveLevel,

    /// <summary>64-bit mode, level 3, 5-level paging.</summary>
    UserFiveLevel,

    /// <summary>Compatibility mode, level 0.</summary>
    KernelCompatibility,

    /// <summary>Compatibility mode, level 3.</summary>
    UserCompatibility,
}
