using Ringmaster.Backends.Sharing;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Cli.Run;

/// <summary>The directories that a machine shares, opened from their description.</summary>
internal sealed class SharedDirectories : IDisposable
{
    private readonly List<ShareServer> _servers = [];

    private SharedDirectories()
    {
    }

    /// <summary>In the order of the description.</summary>
    internal IReadOnlyList<ShareServer> Servers => _servers;

    /// <summary>Opens all.</summary>
    /// <exception cref="UserErrorException">One cannot be opened.</exception>
    internal static SharedDirectories Open(MachineConfig config)
    {
        var shares = new SharedDirectories();
        foreach (var share in config.Shares)
        {
            try
            {
                shares._servers.Add(new ShareServer(share.Path, share.IsReadOnly));
            }
            catch (IOException error)
            {
                shares.Dispose();
                throw new UserErrorException($"{share.Path} cannot be shared: {error.Message} Choose a directory that you may read.", error);
            }
        }
        return shares;
    }

    public void Dispose()
    {
        foreach (var server in _servers)
            server.Dispose();
    }
}
