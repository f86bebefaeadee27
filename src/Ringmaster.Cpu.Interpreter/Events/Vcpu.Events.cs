using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Exceptions and interrupts up to their delivery.</summary>
internal unsafe partial class Vcpu
{
    /// <summary>The exception or interrupt to deliver before the next instruction, when <see cref="HasPending"/>.</summary>
    internal PendingException Pending;

    /// <summary>Something waits for delivery.</summary>
    internal bool HasPending;

    /// <summary>Makes a fault pending, without an error code.</summary>
    /// <returns><see cref="Status.Fault"/>, for the handler to return.</returns>
    internal Status Raise(Vector vector)
    {
        Pending = new PendingException((byte)vector, null, PendingExceptionKind.HardwareException);
        HasPending = true;
        return Status.Fault;
    }

    /// <summary>Makes a fault with an error code pending.</summary>
    /// <returns><see cref="Status.Fault"/>, for the handler to return.</returns>
    internal Status Raise(Vector vector, uint errorCode)
    {
        // In real mode no exception pushes an error code (SDM 3B 20.1.4).
        Pending = new PendingException((byte)vector, _isProtectedMode ? errorCode : null, PendingExceptionKind.HardwareException);
        HasPending = true;
        return Status.Fault;
    }

    /// <summary>#UD.</summary>
    internal Status RaiseInvalidOpcode() => Raise(Vector.InvalidOpcode);

    /// <summary>#GP(0).</summary>
    internal Status RaiseGeneralProtection() => Raise(Vector.GeneralProtection, 0);
}
