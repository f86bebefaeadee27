using System.Diagnostics;

namespace Ringmaster.Conformance.Tests.Qemu.Machine;

/// <summary>A QEMU whose only vCPU runs the loader.</summary>
internal sealed class QemuProcess : IDisposable
{
    private const string Board = "microvm,acpi=off,pit=off,pic=off,rtc=off,isa-serial=off,x-option-roms=off,auto-kernel-cmdline=off";
    private const int PatienceMilliseconds = 20_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("ringmaster-qemu-").FullName;
    private readonly Process _process;
    private uint _request;

    /// <param name="cpu">QEMU's -cpu.</param>
    public QemuProcess(string cpu)
    {
        var memory = Path.Combine(_folder, "memory");
        var rom = Path.Combine(_folder, "rom");
        File.WriteAllBytes(rom, BootRom.Create());
        Ram = new SharedRam(memory);
        Loader.Install(Ram);
        var size = $"{Place.MemorySize >> 20}M";
        _process = Process.Start(new ProcessStartInfo(QemuProgram.Name,
        [
            "-nodefaults", "-no-user-config", "-display", "none", "-monitor", "none", "-serial", "none", "-no-reboot",
            "-machine", $"{Board},memory-backend=ram", "-m", size, "-bios", rom, "-accel", "tcg", "-cpu", cpu,
            "-object", $"memory-backend-file,id=ram,mem-path={memory},size={size},share=on",
        ]) { RedirectStandardError = true, RedirectStandardInput = true })!;
    }

    /// <summary>Its memory.</summary>
    public SharedRam Ram { get; }

    /// <summary>Has the loader run what is in memory.</summary>
    /// <returns>Null once it has; or what has come of QEMU instead, which is of no use any more.</returns>
    public string? Run()
    {
        Ram.WriteSignal(Mailbox.Request, ++_request);
        var since = Stopwatch.StartNew();
        var spin = new SpinWait();
        while (Ram.ReadSignal(Mailbox.Done) != _request)
        {
            if (Ram.ReadSignal(Mailbox.Trouble) is not 0 and var trouble)
                throw new InvalidOperationException($"The loader has raised exception {trouble - 1}.");
            if (_process.HasExited)
                return _process.StandardError.ReadLine() ?? "QEMU has ended";
            if (since.ElapsedMilliseconds > PatienceMilliseconds)
                return "never";
            spin.SpinOnce(sleep1Threshold: -1);
        }
        // It is running, so it has opened its files.
        DeleteFiles();
        return null;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Ram.Dispose();
        DeleteFiles();
    }

    private void DeleteFiles()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }
}
