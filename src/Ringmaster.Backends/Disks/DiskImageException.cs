namespace Ringmaster.Backends.Disks;

/// <summary>An image cannot be used, or not in this way.</summary>
/// <param name="message">What is wrong and what to do, as full sentences.</param>
/// <param name="inner">What was found out first.</param>
public sealed class DiskImageException(string message, Exception? inner = null) : IOException(message, inner)
{
    /// <summary>The image that contradicts itself, if that is what is wrong.</summary>
    internal string? DamagedPath { get; init; }
}
