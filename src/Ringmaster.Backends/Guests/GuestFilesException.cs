namespace Ringmaster.Backends.Guests;

/// <summary>A guest's files cannot be had. The message is a sentence followed by what to do.</summary>
public sealed class GuestFilesException : Exception
{
    /// <summary>Creates the exception.</summary>
    public GuestFilesException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public GuestFilesException(string message, Exception inner) : base(message, inner)
    {
    }
}
