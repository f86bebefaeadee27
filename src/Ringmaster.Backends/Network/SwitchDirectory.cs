using System.Globalization;
using Ringmaster.Devices.Network;
using Ringmaster.Host;
using Ringmaster.Host.Network;

namespace Ringmaster.Backends.Network;

/// <summary>
/// The directory that is a switch: each member has a socket there, named after its address in twelve hexadecimal digits. Joining
/// is one at a time, so that no two take the same address.
/// </summary>
internal sealed class SwitchDirectory
{
    private const string LockName = ".lock";
    private const int AddressInUse = 98, Attempts = 256;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly string _path;

    /// <summary>Makes the directory, for its owner only, if there is none.</summary>
    /// <exception cref="IOException">There cannot be one.</exception>
    internal SwitchDirectory(string path)
    {
        _path = Path.GetFullPath(path);
        if (System.Text.Encoding.UTF8.GetByteCount(SocketPath(default)) > LocalSocket.LongestPath)
            throw new IOException($"{path} is too long for sockets below it. Choose a path of at most {LocalSocket.LongestPath - 13} bytes.");
        if (File.Exists(_path))
            throw new IOException($"{path} is a file, and a switch is a directory. Name another.");
        if (!Directory.Exists(_path))
            Directory.CreateDirectory(_path, OwnerOnly);
    }

    /// <summary>Joins.</summary>
    /// <param name="wanted">The address to have; null to get the first free one of those that this directory has on this host.</param>
    /// <returns>The address and the socket.</returns>
    /// <exception cref="IOException">Another member has the address, or the directory may not be written.</exception>
    internal (MacAddress Address, LocalSocket Socket) Join(MacAddress? wanted)
    {
        using var alone = Lock();
        if (wanted is { } address)
        {
            return TryBind(address) is { } socket ? (address, socket)
                : throw new IOException($"Another VM on this switch has the address {address}. Choose another with mac=, or leave that out.");
        }
        for (var number = 0; number < Attempts; number++)
        {
            var candidate = StableMac.Of("switch", _path, number.ToString(CultureInfo.InvariantCulture));
            if (TryBind(candidate) is { } socket)
                return (candidate, socket);
        }
        throw new IOException($"All {Attempts} addresses of this switch are taken. Choose another with mac=.");
    }

    /// <summary>Takes the own socket away, if nobody has done so before.</summary>
    internal void Leave(MacAddress address)
    {
        try
        {
            File.Delete(SocketPath(address));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The directory has gone, or is no longer this user's. Nobody listens at the socket, so it is in nobody's way.
        }
    }

    /// <summary>The addresses of all members, those that have died unnoticed among them.</summary>
    internal IReadOnlyList<MacAddress> Members()
    {
        var members = new List<MacAddress>();
        foreach (var path in Directory.EnumerateFileSystemEntries(_path))
        {
            var name = Path.GetFileName(path);
            if (name.Length == 2 * MacAddress.Size && ulong.TryParse(name, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
                members.Add(new(value));
        }
        return members;
    }

    /// <summary>Makes a way to a member.</summary>
    /// <returns>Null if it is not there.</returns>
    internal LocalSocket? TryReach(MacAddress address)
    {
        try
        {
            return LocalSocket.TryConnectDatagram(SocketPath(address));
        }
        catch (LinuxException)
        {
            // Something that is no socket of ours, or not for us.
            return null;
        }
    }

    /// <summary>Binds the socket of an address, in place of one that nobody listens at any more.</summary>
    private LocalSocket? TryBind(MacAddress address)
    {
        var path = SocketPath(address);
        try
        {
            return LocalSocket.BindDatagram(path);
        }
        catch (LinuxException error) when (error.Errno == AddressInUse)
        {
            using var alive = LocalSocket.TryConnectDatagram(path);
            if (alive is not null)
                return null;
            File.Delete(path);
            return LocalSocket.BindDatagram(path);
        }
    }

    private FileStream Lock()
    {
        var path = Path.Combine(_path, LockName);
        var deadline = Environment.TickCount64 + (long)LongestWait.TotalMilliseconds;
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Environment.TickCount64 < deadline)
            {
                Thread.Sleep(5);
            }
        }
    }

    private string SocketPath(MacAddress address) => Path.Combine(_path, address.Value.ToString("x12", CultureInfo.InvariantCulture));
}
