namespace Ringmaster.Firmware.Boot;

/// <summary>A kernel, initrd or command line cannot be used. The message is one sentence that says what to do.</summary>
public sealed class KernelLoadException : Exception
{
    /// <summary>Creates it with a general message.</summary>
    public KernelLoadException()
        : base("The kernel cannot be loaded; check the image.")
    {
    }

    /// <summary>Creates it.</summary>
    /// <param name="message">One sentence with a remedy.</param>
    public KernelLoadException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it with a cause.</summary>
    public KernelLoadException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
