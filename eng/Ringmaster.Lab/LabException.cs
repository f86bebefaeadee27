namespace Ringmaster.Lab;

/// <summary>There is no lab host, or it broke. The message says what is wrong and what to do, with the end of the kernel's log.</summary>
/// <param name="message">The sentences.</param>
/// <param name="cause">What is behind it.</param>
public sealed class LabException(string message, Exception? cause = null) : Exception(message, cause);
