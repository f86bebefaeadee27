namespace Ringmaster.Guests.Tests.Linux;

/// <summary>One kernel's session, shared by the tests that look at it, and the same kernel's log under QEMU.</summary>
public abstract class LinuxSession : IDisposable
{
    private readonly LinuxGuest _linux;
    private readonly Lazy<ShellSession> _shell;

    private protected LinuxSession(LinuxGuest linux, string parameters = "")
    {
        _linux = linux;
        _shell = new(() => new ShellSession(linux, parameters));
    }

    internal LinuxGuest Linux => _linux;

    internal ShellSession Shell => _shell.Value;

    /// <inheritdoc/>
    public void Dispose()
    {
        _linux.Dispose();
        GC.SuppressFinalize(this);
    }
}
