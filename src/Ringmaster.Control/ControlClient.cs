using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Serialization.Metadata;

namespace Ringmaster.Control;

/// <summary>Speaks to a VM by its control socket.</summary>
/// <param name="path">Where that is.</param>
public sealed class ControlClient(string path) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellation) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
        UseProxy = false,
    })
    {
        BaseAddress = new Uri("http://vm"),
        Timeout = TimeSpan.FromSeconds(30),
    };

    /// <summary>Whether a process listens at a socket.</summary>
    public static bool IsListenedTo(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>What the VM is doing.</summary>
    /// <exception cref="HttpRequestException">Nobody listens.</exception>
    public Task<VmStatus> Status(CancellationToken cancellation = default) => Get("", ControlJson.Default.VmStatus, cancellation);

    /// <summary>What it has done so far.</summary>
    /// <exception cref="HttpRequestException">Nobody listens.</exception>
    public Task<VmStatistics> Statistics(CancellationToken cancellation = default) => Get("/statistics", ControlJson.Default.VmStatistics, cancellation);

    /// <summary>Its devices.</summary>
    /// <exception cref="HttpRequestException">Nobody listens.</exception>
    public Task<VmDevice[]> Devices(CancellationToken cancellation = default) => Get("/devices", ControlJson.Default.VmDeviceArray, cancellation);

    /// <summary>Makes the VM do something.</summary>
    /// <param name="action"><c>pause</c>, <c>resume</c>, <c>reset</c>, <c>stop</c> or <c>power-button</c>.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="HttpRequestException">Nobody listens.</exception>
    /// <exception cref="InvalidOperationException">The VM refuses; the message says why.</exception>
    public async Task<VmStatus> Do(string action, CancellationToken cancellation = default)
    {
        using var answer = await _http.PostAsync(new Uri($"{ControlEndpoints.Root}/{action}", UriKind.Relative), null, cancellation).ConfigureAwait(false);
        return await Read(answer, ControlJson.Default.VmStatus, cancellation).ConfigureAwait(false);
    }

    /// <summary>Plugs a device in.</summary>
    /// <exception cref="HttpRequestException">Nobody listens.</exception>
    /// <exception cref="InvalidOperationException">The VM refuses; the message says why.</exception>
    public async Task<VmDevice> Plug(VmDeviceRequest request, CancellationToken cancellation = default)
    {
        using var answer = await _http.PostAsJsonAsync(ControlEndpoints.Root + "/devices", request, ControlJson.Default.VmDeviceRequest, cancellation).ConfigureAwait(false);
        return await Read(answer, ControlJson.Default.VmDevice, cancellation).ConfigureAwait(false);
    }

    /// <summary>Asks the guest to let a device go, and waits until it has.</summary>
    /// <returns>The device as it was.</returns>
    /// <exception cref="HttpRequestException">Nobody listens.</exception>
    /// <exception cref="InvalidOperationException">The VM refuses, or the guest does not let go; the message says which.</exception>
    public async Task<VmDevice> Unplug(string id, CancellationToken cancellation = default)
    {
        using var answer = await _http.DeleteAsync(new Uri($"{ControlEndpoints.Root}/devices/{Uri.EscapeDataString(id)}", UriKind.Relative), cancellation).ConfigureAwait(false);
        return await Read(answer, ControlJson.Default.VmDevice, cancellation).ConfigureAwait(false);
    }

    /// <summary>Adds vCPUs.</summary>
    /// <param name="count">How many there are to be in all.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="HttpRequestException">Nobody listens.</exception>
    /// <exception cref="InvalidOperationException">The VM refuses; the message says why.</exception>
    public async Task<VmStatus> SetCpus(int count, CancellationToken cancellation = default)
    {
        var request = new VmCpusRequest(count);
        using var answer = await _http.PutAsJsonAsync(ControlEndpoints.Root + "/cpus", request, ControlJson.Default.VmCpusRequest, cancellation).ConfigureAwait(false);
        return await Read(answer, ControlJson.Default.VmStatus, cancellation).ConfigureAwait(false);
    }

    /// <summary>How much memory the guest keeps.</summary>
    /// <exception cref="HttpRequestException">Nobody listens.</exception>
    /// <exception cref="InvalidOperationException">There is no balloon.</exception>
    public Task<VmBalloon> Balloon(CancellationToken cancellation = default) => Get("/balloon", ControlJson.Default.VmBalloon, cancellation);

    /// <summary>Asks the guest to keep so much memory.</summary>
    /// <param name="target">Bytes.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="HttpRequestException">Nobody listens.</exception>
    /// <exception cref="InvalidOperationException">The VM refuses; the message says why.</exception>
    public async Task<VmBalloon> Balloon(ulong target, CancellationToken cancellation = default)
    {
        var request = new VmBalloonRequest(target);
        using var answer = await _http.PutAsJsonAsync(ControlEndpoints.Root + "/balloon", request, ControlJson.Default.VmBalloonRequest, cancellation).ConfigureAwait(false);
        return await Read(answer, ControlJson.Default.VmBalloon, cancellation).ConfigureAwait(false);
    }

    /// <summary>What the VM's screen shows, as a PNG file.</summary>
    /// <exception cref="HttpRequestException">Nobody listens.</exception>
    /// <exception cref="InvalidOperationException">It has no screen.</exception>
    public async Task<byte[]> Screenshot(CancellationToken cancellation = default)
    {
        using var answer = await _http.GetAsync(new Uri(ControlEndpoints.Root + "/screenshot", UriKind.Relative), cancellation).ConfigureAwait(false);
        await Check(answer, cancellation).ConfigureAwait(false);
        return await answer.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<T> Get<T>(string what, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        using var answer = await _http.GetAsync(new Uri(ControlEndpoints.Root + what, UriKind.Relative), cancellation).ConfigureAwait(false);
        return await Read(answer, type, cancellation).ConfigureAwait(false);
    }

    private static async Task Check(HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (answer.StatusCode == System.Net.HttpStatusCode.Conflict)
        {
            var problem = await answer.Content.ReadFromJsonAsync(ControlJson.Default.VmProblem, cancellation).ConfigureAwait(false);
            throw new InvalidOperationException(problem?.Message);
        }
        answer.EnsureSuccessStatusCode();
    }

    private static async Task<T> Read<T>(HttpResponseMessage answer, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        await Check(answer, cancellation).ConfigureAwait(false);
        return (await answer.Content.ReadFromJsonAsync(type, cancellation).ConfigureAwait(false))!;
    }
}
