namespace Ringmaster.Cli.Doctor;

/// <summary>What of a host tells why KVM does not work on it, and who wants to use it.</summary>
internal interface IKvmHost
{
    /// <summary>What the processor says of hardware assist by CPUID: "svm", "vmx" or null.</summary>
    string? ProcessorAssist { get; }

    /// <summary>Whether the kernel shows the same in /proc/cpuinfo: it hides what firmware has locked.</summary>
    bool KernelShowsAssist { get; }

    /// <summary>The hypervisor below the host, or null.</summary>
    string? Hypervisor { get; }

    /// <summary>The kind of container that the process runs in, or null.</summary>
    string? Container { get; }

    /// <summary>Those of the kernel's KVM modules that are loaded or built in, such as "kvm" and "kvm_amd".</summary>
    IReadOnlySet<string> Modules { get; }

    /// <summary>The device's permissions, or null where there is no device.</summary>
    DeviceNode? Device { get; }

    /// <summary>The user's name.</summary>
    string User { get; }

    /// <summary>Whether the user is root.</summary>
    bool IsRoot { get; }

    /// <summary>Reads a parameter of a module, such as "nested"; null where there is none.</summary>
    string? Parameter(string module, string name);
}
