namespace Ringmaster.Devices.Display;

/// <summary>What a machine's console is plugged into: somebody who looks at it and types.</summary>
public interface IDisplayBackend
{
    /// <summary>Connects a machine, or disconnects it.</summary>
    /// <param name="console">The machine's console; null for none, which looks like a dark screen. A call that had already begun may still come.</param>
    void Connect(IConsole? console);
}
