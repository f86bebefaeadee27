namespace Ringmaster.Devices.State;

/// <summary>A saved state cannot be restored; the message says which and why.</summary>
public sealed class SavedStateException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">One sentence for the person who asked for the restore.</param>
    /// <param name="inner">What the reader of the state reported, if anything.</param>
    public SavedStateException(string message, Exception? inner = null) : base(message, inner)
    {
    }
}
