namespace Ringmaster.Machine.Configuration.Reading;

/// <summary>Collects options and everything wrong with them, one value after the other.</summary>
/// <param name="text">Reads the values.</param>
public sealed class OptionSet(OptionText text)
{
    private readonly List<ConfigError> _errors = [];

    /// <summary>What was read so far.</summary>
    public MachineOptions Options { get; private set; } = new();

    /// <summary>What was wrong so far.</summary>
    public IReadOnlyList<ConfigError> Errors => _errors;

    /// <summary>Notes an error found elsewhere.</summary>
    public void Report(ConfigError error) => _errors.Add(error);

    /// <summary>Sets an option that has one value; <see cref="OptionKeys.Initrd"/> takes several, separated by commas.</summary>
    /// <param name="key">One of <see cref="OptionKeys.All"/>.</param>
    /// <param name="value">As the user wrote it.</param>
    /// <param name="path">How to name the place in an error.</param>
    /// <param name="line">The line, if it came from a file.</param>
    public void Set(string key, string value, string path, int? line = null)
    {
        switch (key)
        {
            case OptionKeys.Firmware:
                Take(text.Firmware(value), v => Options with { Firmware = v });
                break;
            case OptionKeys.Boot:
                Take(OptionText.Boot(value), v => Options with { Boot = v });
                break;
            case OptionKeys.Kernel:
                Take(text.ExistingFile(value), v => Options with { Kernel = v });
                break;
            case OptionKeys.Initrd:
                Take(text.ExistingFiles(value), v => Options with { Initrds = [.. Options.Initrds ?? [], .. v] });
                break;
            case OptionKeys.Append:
                Options = Options with { CommandLine = value };
                break;
            case OptionKeys.Machine:
                Take(OptionText.Machine(value), v => Options with { Type = v });
                break;
            case OptionKeys.Memory:
                Take(OptionText.Memory(value), v => Options with { Memory = v.Size ?? Options.Memory, MemoryBacking = v.Backing ?? Options.MemoryBacking });
                break;
            case OptionKeys.Cpus:
                Take(OptionText.Cpus(value), v => Options with { Cpus = v });
                break;
            case OptionKeys.Cpu:
                Take(OptionText.Cpu(value), v => Options with { Cpu = v });
                break;
            case OptionKeys.Engine:
                Take(OptionText.Engine(value), v => Options with { Engine = v });
                break;
            case OptionKeys.Paravirt:
                Take(OptionText.Paravirt(value), v => Options with { HasKvmInterfaces = v });
                break;
            case OptionKeys.HyperV:
                Take(OptionText.Switch(key, value), v => Options with { HasHyperV = v });
                break;
            case OptionKeys.Entry:
                Take(OptionText.Entry(value), v => Options with { Entry = v });
                break;
            case OptionKeys.Load:
                Take(OptionText.Address(value), v => Options with { LoadAddress = v });
                break;
            case OptionKeys.Serial:
                Take(text.Serial(value), AddSerial);
                break;
            case OptionKeys.Display:
                Take(text.Display(value), v => Options with { Display = v });
                break;
            case OptionKeys.Vga:
                Take(OptionText.Vga(value), v => Options with { HasScreen = v });
                break;
            case OptionKeys.Input:
                Take(OptionText.Input(value), v => Options with { Inputs = [.. Options.Inputs ?? [], v] });
                break;
            case OptionKeys.Console:
                Take(text.Console(value), v => Options with { Consoles = [.. Options.Consoles ?? [], v] });
                break;
            case OptionKeys.Vsock:
                Take(text.Vsock(value), v => Options with { Vsock = v });
                break;
            case OptionKeys.Balloon:
                Take(OptionText.Switch(key, value), v => Options with { HasBalloon = v });
                break;
            case OptionKeys.Share:
                Take(text.Share(value), v => Options with { Shares = [.. Options.Shares ?? [], v] });
                break;
            case OptionKeys.Device:
                Take(text.Device(value), AddDevice);
                break;
            case OptionKeys.Net:
                Take(text.Net(value), v => Options with { Networks = [.. Options.Networks ?? [], v] });
                break;
            case OptionKeys.Publish:
                Take(OptionText.Publish(value), v => Options with { Publishes = [.. Options.Publishes ?? [], v] });
                break;
            case OptionKeys.Cdrom:
                Take(text.Cdrom(value), AddDisk);
                break;
            case OptionKeys.Floppy:
                Take(text.Floppy(value), AddDisk);
                break;
            case OptionKeys.Disk:
                Take(text.Disk(value), AddDisk);
                break;
            default:
                Report(new(path, $"There is no option \"{key}\".{Spelling.Suggestion(key, OptionKeys.All)}", line));
                break;
        }

        void Take<T>(Parsed<T> parsed, Func<T, MachineOptions> with)
        {
            if (parsed.TryGet(out var parsedValue, out var problem))
                Options = with(parsedValue);
            else
                Report(new(path, problem, line));
        }

        MachineOptions AddSerial(SerialConfig serial)
        {
            if (Options.Serials?.Count == MachineLimits.MostSerials)
                Report(new(path, $"A machine has at most {MachineLimits.MostSerials} serial ports. Leave some out.", line));
            return Options with { Serials = [.. Options.Serials ?? [], serial] };
        }
    }

    /// <summary>Adds a device that was described by its name and properties.</summary>
    public void AddDevice(string name, IReadOnlyDictionary<string, string> properties, string path, int? line)
    {
        if (text.Device(name, properties).TryGet(out var device, out var problem))
            Options = AddDevice(device);
        else
            Report(new(path, problem, line));
    }

    /// <summary>Adds a disk that was described by its path and settings.</summary>
    public void AddDisk(string diskPath, IReadOnlyDictionary<string, string> settings, string path, int? line)
    {
        if (text.Disk(diskPath, settings).TryGet(out var disk, out var problem))
            Options = AddDisk(disk);
        else
            Report(new(path, problem, line));
    }

    private MachineOptions AddDisk(DiskConfig disk) => Options with { Disks = [.. Options.Disks ?? [], disk] };

    private MachineOptions AddDevice(DeviceConfig device) => Options with { Devices = [.. Options.Devices ?? [], device] };
}
