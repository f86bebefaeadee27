namespace Ringmaster.Devices.Bus;

/// <summary>Two devices of a machine claim the same port or address.</summary>
public sealed class BusConflictException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Names both devices and both ranges.</param>
    public BusConflictException(string message) : base(message)
    {
    }
}
