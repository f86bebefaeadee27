using Ringmaster.Firmware.Boot;
using Ringmaster.Host;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Machine.Assembly;

/// <summary>The kernel that a machine starts without a disk, and its initrds.</summary>
internal sealed class KernelFiles : IDisposable
{
    private readonly MachineConfig _config;
    private readonly List<StartFile> _files = [];

    /// <summary>Opens them.</summary>
    /// <exception cref="MachineSetupException">One cannot be read.</exception>
    public KernelFiles(MachineConfig config, string kernel)
    {
        _config = config;
        try
        {
            _files.Add(StartFile.Open(kernel, "kernel"));
            foreach (var initrd in config.Initrds)
                _files.Add(StartFile.Open(initrd, "initrd"));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Reads them, and says what to start.</summary>
    /// <param name="use">Is given that, with what was read, which is gone when this returns.</param>
    /// <exception cref="MachineSetupException">One cannot be read.</exception>
    public T Read<T>(Func<BootRequest, T> use)
    {
        List<HostBuffer> contents = [];
        try
        {
            foreach (var file in _files)
                contents.Add(file.Read());
            return use(new BootRequest(contents[0].Memory)
            {
                KernelName = _files[0].Name,
                Modules = [.. _files.Zip(contents, (file, content) => new BootModule(file.Name, content.Memory)).Skip(1)],
                CommandLine = _config.CommandLine,
                LoadAddress = _config.LoadAddress,
                Entry = _config.Entry == EntryMode.Real && _config.LoadAddress is null ? BootEntry.RealMode : BootEntry.Automatic,
            });
        }
        finally
        {
            foreach (IDisposable content in contents)
                content.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _files)
            file.Dispose();
    }
}
