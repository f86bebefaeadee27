using Microsoft.Extensions.Logging;
using Ringmaster.Backends.Disks;
using Ringmaster.Control;
using Ringmaster.Devices.Network;
using Ringmaster.Machine;
using Ringmaster.Machine.Configuration;
using Ringmaster.Machine.Configuration.Reading;

namespace Ringmaster.Cli.Run;

/// <summary>What comes to a machine while it runs: opened here, and closed when it has left, or at the end.</summary>
/// <param name="networks">Opens networks.</param>
/// <param name="loggers">Makes the disks' loggers.</param>
internal sealed class PluggedDevices(NetworkPorts networks, ILoggerFactory loggers) : IDisposable
{
    private const string DiskKind = OptionKeys.Disk, NetKind = OptionKeys.Net;

    private readonly Lock _lock = new();
    private readonly List<IDisposable> _opened = [];
    private bool _isClosed;

    /// <summary>Opens a device's back end and plugs the device in.</summary>
    /// <returns>Its name.</returns>
    /// <exception cref="InvalidOperationException">It cannot be done; the message says why.</exception>
    internal string Plug(IRunnableMachine machine, VmDeviceRequest request)
    {
        var reader = new OptionText(request.Directory is { } directory && Path.IsPathFullyQualified(directory) ? directory : Environment.CurrentDirectory);
        try
        {
            switch (request.Kind)
            {
                case DiskKind:
                    var disk = Value(reader.Disk(request.Options));
                    return Plug(new DiskBackend(disk.ToOptions(), loggers), backend => machine.Plug(disk, backend));
                case NetKind:
                    var network = Value(reader.Net(request.Options));
                    if (network.Kind == Machine.Configuration.NetKind.None)
                        throw new InvalidOperationException("\"none\" stands for no network at all. Choose user, tap=NAME or socket=PATH.");
                    var (port, mac) = networks.Open(network, []);
                    return Plug(port, backend => machine.Plug(network with { Mac = mac }, backend));
                default:
                    throw new InvalidOperationException($"\"{request.Kind}\" cannot be plugged into a running VM. Choose from {DiskKind}, {NetKind}.");
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InvalidOperationException(error.Message, error);
        }
    }

    /// <summary>Closes what a device was plugged into that has left.</summary>
    internal void Release(object backend)
    {
        bool isHere;
        lock (_lock)
            isHere = backend is IDisposable opened && _opened.Remove(opened);
        if (isHere)
            ((IDisposable)backend).Dispose();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            foreach (var opened in _opened)
                opened.Dispose();
            _opened.Clear();
        }
    }

    private static T Value<T>(Parsed<T> parsed) => parsed.TryGet(out var value, out var problem) ? value : throw new InvalidOperationException(problem);

    private string Plug<T>(T backend, Func<T, string> plug) where T : class
    {
        lock (_lock)
        {
            if (_isClosed)
                throw new InvalidOperationException("The VM has ended.");
            if (backend is IDisposable opened)
                _opened.Add(opened);
        }
        try
        {
            return plug(backend);
        }
        catch
        {
            Release(backend);
            throw;
        }
    }
}
