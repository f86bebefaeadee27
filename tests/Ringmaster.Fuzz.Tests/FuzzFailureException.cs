namespace Ringmaster.Fuzz.Tests;

/// <summary>A case broke a rule; the message says which case and which rule.</summary>
public sealed class FuzzFailureException : Exception
{
    public FuzzFailureException(string message) : base(message)
    {
    }

    public FuzzFailureException(string message, Exception inner) : base(message, inner)
    {
    }
}
