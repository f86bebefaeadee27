using System.Runtime.InteropServices;

namespace Ringmaster.Host.Kvm;

/// <summary>A step of the probe failed.</summary>
/// <param name="step">Which.</param>
/// <param name="message">What happened.</param>
/// <param name="error">The call's error number (errno(3)), or 0.</param>
internal sealed class ProbeFailure(KvmProbeStep step, string message, int error = 0) : Exception(message)
{
    /// <summary>Which step.</summary>
    internal KvmProbeStep Step { get; } = step;

    /// <summary>The error number, or 0.</summary>
    internal int Error { get; } = error;

    /// <summary>A system call has just failed.</summary>
    internal static ProbeFailure OfLastCall(KvmProbeStep step, string call)
    {
        var error = Marshal.GetLastPInvokeError();
        return new(step, $"{LinuxException.FromLastCall(call).Message}.", error);
    }
}
