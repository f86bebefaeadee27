using System.Globalization;
using Ringmaster.Control;
using Ringmaster.Machine;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Cli.Run;

/// <summary>Opens the control socket of a run.</summary>
internal static class ControlSocket
{
    private const string None = "none";

    /// <summary>Opens it.</summary>
    /// <returns>Null if none is wanted.</returns>
    /// <exception cref="UserErrorException">It cannot be opened.</exception>
    internal static ControlServer? Open(RunRequest request, MachineConfig config, IRunnableMachine machine, Action stop)
    {
        if (request.Control == None)
            return null;
        var name = request.Name ?? string.Create(CultureInfo.InvariantCulture, $"vm-{Environment.ProcessId}");
        if (name.Length is 0 or > 64 || name.AsSpan().IndexOfAnyExcept(s_nameCharacters) >= 0)
            throw new UserErrorException($"\"{name}\" cannot be a VM's name. Use up to 64 letters, digits, dots, hyphens and underscores.");
        var vm = new ControlledVm(name, machine.Engine, config.Cpus.Count, config.Memory.Bytes, machine, stop);
        try
        {
            if (request.Control is null)
                ControlDirectory.Create();
            return ControlServer.Start(vm, request.Control ?? ControlDirectory.SocketOf(name));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserErrorException($"{error.Message} Choose another place with --control PATH, or --control none.", error);
        }
    }

    private static readonly System.Buffers.SearchValues<char> s_nameCharacters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_");
}
