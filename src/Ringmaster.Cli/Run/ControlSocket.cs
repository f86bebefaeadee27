using System.Buffers;
using System.Globalization;
using Ringmaster.Control;
using Ringmaster.Machine;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Cli.Run;

/// <summary>Opens the control socket of a run.</summary>
internal static class ControlSocket
{
    private const string None = "none";
    private const int MostUnnamed = 1000;

    private static readonly SearchValues<char> s_nameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_");

    /// <summary>Opens it.</summary>
    /// <returns>Null if none is wanted.</returns>
    /// <exception cref="UserErrorException">It cannot be opened.</exception>
    internal static ControlServer? Open(RunRequest request, MachineConfig config, IRunnableMachine machine, Action stop, Func<VmDeviceRequest, string> plug)
    {
        if (request.Control == None)
            return null;
        if (request.Name is { } name && (name.Length is 0 or > 64 || name.AsSpan().IndexOfAnyExcept(s_nameCharacters) >= 0))
            throw new UserErrorException($"\"{name}\" cannot be a VM's name. Use up to 64 letters, digits, dots, hyphens and underscores.");
        try
        {
            if (request.Control is null)
                ControlDirectory.Create();
            // A process that runs several machines has a name for each.
            for (var number = 1; ; number++)
            {
                var vm = new ControlledVm(request.Name ?? Unnamed(number), machine.Engine, config.Memory.Bytes, machine, stop) { Plug = plug };
                var path = request.Control ?? ControlDirectory.SocketOf(vm.Name);
                try
                {
                    return ControlServer.Start(vm, path);
                }
                catch (IOException) when (request.Name is null && request.Control is null && number < MostUnnamed && File.Exists(path))
                {
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserErrorException($"{error.Message} Choose another place with --control PATH, or --control none.", error);
        }
    }

    private static string Unnamed(int number) => number == 1
        ? string.Create(CultureInfo.InvariantCulture, $"vm-{Environment.ProcessId}")
        : string.Create(CultureInfo.InvariantCulture, $"vm-{Environment.ProcessId}-{number}");
}
