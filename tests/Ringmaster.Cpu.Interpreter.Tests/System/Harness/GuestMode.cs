namespace Ringmaster.Cpu.Interpreter.Tests.Privileged.Harness;

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

    /// <summary>64-bit mode, level 0.</summary>
    Kernel64,

    /// <summary>64-bit mode, level 3.</summary>
    User64,

    /// <summary>Compatibility mode, level 0.</summary>
    KernelCompatibility,

    /// <summary>Compatibility mode, level 3.</summary>
    UserCompatibility,
}
