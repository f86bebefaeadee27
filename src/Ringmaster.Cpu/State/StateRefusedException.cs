namespace Ringmaster.Cpu.State;

/// <summary>An engine cannot take a vCPU's state on, because it has no place for a part of it. The message says for which, in sentences.</summary>
public sealed class StateRefusedException : Exception
{
    /// <summary>Creates the exception.</summary>
    public StateRefusedException(string message) : base(message)
    {
    }

    /// <summary>Refuses a state that has a register in use by which the guest uses an interface that the engine does not offer.</summary>
    /// <param name="engine">The engine's name.</param>
    /// <param name="register">The register.</param>
    public static StateRefusedException For(string engine, ParavirtualRegister register)
    {
        ArgumentNullException.ThrowIfNull(register);
        return new($"The {engine} engine cannot go on with the guest here: the guest uses {register}, of the CPU feature '{register.Feature}', which its vCPU lacks.");
    }
}
