namespace Ringmaster.Cpu.Translator.Lockstep;

/// <summary>Generated code and the interpreter have come to different results.</summary>
public sealed class LockstepException : Exception
{
    /// <summary>Creates it with a standard message.</summary>
    public LockstepException() : this("The translator and the interpreter differ.")
    {
    }

    /// <summary>Creates it.</summary>
    /// <param name="message">The report: where, and what differs.</param>
    public LockstepException(string message) : base(message)
    {
    }

    /// <summary>Creates it.</summary>
    /// <param name="message">The report.</param>
    /// <param name="innerException">What went wrong before.</param>
    public LockstepException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>
    /// An instruction has read arithmetic flags that another one leaves undefined, since both were last the same: processors may
    /// differ so, and neither is wrong.
    /// </summary>
    public bool DependsOnUndefinedFlags { get; init; }
}
