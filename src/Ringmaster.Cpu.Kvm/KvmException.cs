namespace Ringmaster.Cpu.Kvm;

/// <summary>The kernel's hypervisor cannot do what is asked of it, or go on with a guest. The message says what and why, in sentences.</summary>
public sealed class KvmException : Exception
{
    /// <summary>Creates the exception.</summary>
    public KvmException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception for what the kernel has refused.</summary>
    public KvmException(string message, Exception cause) : base(message, cause)
    {
    }
}
