using System.Globalization;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ringmaster.Control;

/// <summary>
/// A VM's control socket. It listens from the start, but nothing more happens until somebody connects: the HTTP server costs more
/// than many a guest's whole boot.
/// </summary>
public sealed class ControlServer : IDisposable
{
    private const int Backlog = 16;

    private readonly ControlledVm _vm;
    private readonly Socket _listener;
    private readonly Thread _waiter;
    private readonly CancellationTokenSource _ending = new();
    private WebApplication? _application;

    private ControlServer(ControlledVm vm, string path, Socket listener)
    {
        (_vm, Path, _listener) = (vm, path, listener);
        _waiter = new Thread(WaitAndServe) { Name = "control", IsBackground = true };
        _waiter.Start();
    }

    /// <summary>Where the socket is.</summary>
    public string Path { get; }

    /// <summary>Makes the socket; only the user can connect to it.</summary>
    /// <param name="vm">What it controls.</param>
    /// <param name="path">Where it is to be; a socket there that nobody listens to any more is replaced.</param>
    /// <exception cref="IOException">It cannot be made there, or another process listens there.</exception>
    public static ControlServer Start(ControlledVm vm, string path)
    {
        ArgumentNullException.ThrowIfNull(vm);
        // It gets its name when it listens already, so that nobody takes it for one that was left behind.
        var own = string.Create(CultureInfo.InvariantCulture, $"{path}.{Environment.ProcessId}-{Environment.CurrentManagedThreadId}");
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            listener.Bind(new UnixDomainSocketEndPoint(own));
            File.SetUnixFileMode(own, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            listener.Listen(Backlog);
            if (File.Exists(path))
            {
                if (ControlClient.IsListenedTo(path))
                    throw new IOException($"Another VM is controlled by {path}. Give this one another name.");
                File.Delete(path);
            }
            File.Move(own, path);
            return new ControlServer(vm, path, listener);
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            listener.Dispose();
            File.Delete(own);
            throw error as IOException ?? new IOException($"The control socket {path} cannot be made: {error.Message}.", error);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ending.Cancel();
        _waiter.Join();
        if (_application is { } application)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            application.StopAsync(patience.Token).GetAwaiter().GetResult();
            application.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
        _listener.Dispose();
        File.Delete(Path);
        _ending.Dispose();
    }

    /// <summary>Waits for the first connection, which is left in the queue for the HTTP server to take.</summary>
    private void WaitAndServe()
    {
        const int pollMicroseconds = 200_000;
        while (!_ending.IsCancellationRequested)
        {
            if (!_listener.Poll(pollMicroseconds, SelectMode.SelectRead))
                continue;
            _application = Build();
            _application.StartAsync().GetAwaiter().GetResult();
            return;
        }
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = 1 << 20;
            server.ListenHandle((ulong)_listener.Handle, listen => listen.Protocols = HttpProtocols.Http1);
        });
        var application = builder.Build();
        ControlEndpoints.Map(application, _vm);
        return application;
    }
}
