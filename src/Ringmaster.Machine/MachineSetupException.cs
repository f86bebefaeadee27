namespace Ringmaster.Machine;

/// <summary>
/// A machine cannot be assembled because of something its user gave: a kernel that is none, too little memory for it. The
/// message is a sentence, followed by one that says what to do.
/// </summary>
public sealed class MachineSetupException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong and the remedy, as full sentences.</param>
    public MachineSetupException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong and the remedy, as full sentences.</param>
    /// <param name="inner">What was found out first.</param>
    public MachineSetupException(string message, Exception inner) : base(message, inner)
    {
    }
}
