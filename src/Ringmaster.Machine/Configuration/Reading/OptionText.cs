using System.Globalization;
using Ringmaster.Backends.Disks;
using Ringmaster.Backends.Network;
using Ringmaster.Memory;

namespace Ringmaster.Machine.Configuration.Reading;

/// <summary>Reads the values of options as users write them, on the command line and in files alike.</summary>
/// <param name="baseDirectory">What relative paths start from.</param>
public sealed class OptionText(string baseDirectory)
{
    /// <summary>Reads an existing file's path and makes it absolute.</summary>
    public Parsed<string> ExistingFile(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length == 0)
            return Parsed<string>.Wrong("The path is empty. Name a file.");
        var path = Absolute(text);
        if (Directory.Exists(path))
            return Parsed<string>.Wrong($"{text} is a directory. Name a file.");
        return File.Exists(path) ? path : Parsed<string>.Wrong($"There is no file {text}. Check the path.");
    }

    /// <summary>Reads existing files' paths, separated by commas.</summary>
    public Parsed<IReadOnlyList<string>> ExistingFiles(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var paths = new List<string>();
        foreach (var part in text.Split(','))
        {
            if (!ExistingFile(part.Trim()).TryGet(out var path, out var problem))
                return Parsed<IReadOnlyList<string>>.Wrong(problem);
            paths.Add(path);
        }
        return paths;
    }

    /// <summary>Reads <c>bios</c>, <c>uefi,vars=PATH</c>, <c>none</c> or a path.</summary>
    public Parsed<FirmwareConfig> Firmware(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return FirmwareText.Read(this, text);
    }

    /// <summary>Reads what firmware is to boot from, in which order.</summary>
    public static Parsed<BootConfig> Boot(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return BootText.Read(text);
    }

    /// <summary>Reads an amount of memory.</summary>
    public static Parsed<ByteSize> Size(string text) => ByteSize.TryParse(text, out var size)
        ? size
        : Parsed<ByteSize>.Wrong($"\"{text}\" is no size. Write a number with a unit, for example 512M or 1.5G.");

    /// <summary>Reads <c>SIZE,huge=..,lock</c>; what is not given is null.</summary>
    public static Parsed<(ByteSize? Size, MemoryBacking? Backing)> Memory(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return MemoryText.Read(text);
    }

    /// <summary>Reads <c>COUNT,max=..,sockets=..,cores=..,threads=..</c>.</summary>
    public static Parsed<CpuPlan> Cpus(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return CpusText.Read(text);
    }

    /// <summary>Reads <c>MODEL,+feature,-feature</c>.</summary>
    public static Parsed<CpuConfig> Cpu(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        var named = parts[0].Length > 0 && parts[0][0] is not ('+' or '-');
        var changes = new List<CpuFeatureChange>();
        foreach (var part in parts.Skip(named ? 1 : 0))
        {
            if (part.Length < 2 || part[0] is not ('+' or '-'))
                return Parsed<CpuConfig>.Wrong($"\"{part}\" is no CPU feature to switch. Write +name or -name, for example +avx2.");
            changes.Add(new CpuFeatureChange(part[1..].ToLowerInvariant(), part[0] == '+'));
        }
        return new CpuConfig(named ? parts[0] : CpuConfig.DefaultModel, changes);
    }

    /// <summary>Reads an engine's name and settings.</summary>
    public static Parsed<EngineConfig> Engine(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return EngineText.Read(text);
    }

    /// <summary>Reads which board a machine has.</summary>
    public static Parsed<MachineType> Machine(string text) => Choice("machine", text, ("q35", MachineType.Q35), ("pc", MachineType.Pc));

    /// <summary>Reads how a kernel is started.</summary>
    public static Parsed<EntryMode> Entry(string text) => Choice("entry", text, ("auto", EntryMode.Auto), ("real", EntryMode.Real));

    /// <summary>Reads a guest-physical address.</summary>
    public static Parsed<GuestPhysicalAddress> Address(string text) => TryNumber(text, out var value) && value < 1UL << 52
        ? new GuestPhysicalAddress(value)
        : Parsed<GuestPhysicalAddress>.Wrong($"\"{text}\" is no address. Write a number, for example 0x100000.");

    /// <summary>Reads what a serial port is plugged into.</summary>
    public Parsed<SerialConfig> Serial(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (name, path) = Split(text);
        var kind = Choice("serial back end", name, ("stdio", SerialKind.Stdio), ("file", SerialKind.File), ("pty", SerialKind.Pty),
            ("unix", SerialKind.Unix), ("none", SerialKind.None));
        if (!kind.TryGet(out var value, out var problem))
            return Parsed<SerialConfig>.Wrong(problem);
        var wantsPath = value is SerialKind.File or SerialKind.Unix;
        if (wantsPath && string.IsNullOrEmpty(path))
            return Parsed<SerialConfig>.Wrong($"\"{name}\" needs a path: {name}=PATH.");
        if (!wantsPath && path is not null)
            return Parsed<SerialConfig>.Wrong($"\"{name}\" takes no path. Write only {name}.");
        return new SerialConfig(value, wantsPath ? Absolute(path!) : null);
    }

    /// <summary>Reads what a network device is plugged into, and its settings.</summary>
    public Parsed<NetConfig> Net(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return NetText.Read(this, text);
    }

    /// <summary>Reads a port of the host that leads to one of the guest.</summary>
    public static Parsed<PortForward> Publish(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return PublishText.Read(text);
    }

    /// <summary>Reads what the screen is plugged into.</summary>
    public Parsed<DisplayConfig> Display(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return DisplayText.Read(this, text);
    }

    /// <summary>Reads which interfaces a guest that knows its hypervisor finds.</summary>
    /// <returns>Whether they are KVM's.</returns>
    public static Parsed<bool> Paravirt(string text) => Choice("hypervisor's interface", text, ("kvm", true), ("none", false));

    /// <summary>Reads what kind of screen there is.</summary>
    /// <returns>Whether there is one.</returns>
    public static Parsed<bool> Vga(string text) => Choice("screen", text, ("std", true), ("none", false));

    /// <summary>Reads what keyboard or pointer there is.</summary>
    public static Parsed<InputKind> Input(string text) =>
        Choice("input device", text, ("tablet", InputKind.Tablet), ("mouse", InputKind.Mouse), ("keyboard", InputKind.Keyboard));

    /// <summary>Reads what a console is plugged into, and its name.</summary>
    public Parsed<ConsoleConfig> Console(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return ConsoleText.Read(this, text);
    }

    /// <summary>Reads where the sockets between guest and host are.</summary>
    public Parsed<VsockConfig> Vsock(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return VsockText.Read(this, text);
    }

    /// <summary>Reads a diskette's path and settings.</summary>
    public Parsed<DiskConfig> Floppy(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return DiskText.ReadFloppy(this, text);
    }

    /// <summary>Reads whether something is wanted.</summary>
    public static Parsed<bool> Switch(string key, string value) => value switch
    {
        "on" or "true" or "yes" => true,
        "off" or "false" or "no" => false,
        _ => Parsed<bool>.Wrong($"\"{value}\" does not say whether {key} is wanted. Write only {key}, or {key}=off."),
    };

    /// <summary>Reads the name of a device.</summary>
    internal static Parsed<string> Id(string text)
    {
        const int longest = 20;
        return text.Length is > 0 and <= longest && char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? text
            : Parsed<string>.Wrong($"\"{text}\" is no id of a device. Write a letter, and up to {longest - 1} letters, digits, dots, hyphens and underscores.");
    }

    /// <summary>Reads a disk's path and settings.</summary>
    public Parsed<DiskConfig> Disk(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return DiskText.Read(this, text);
    }

    /// <summary>Reads a disk from its path and settings.</summary>
    public Parsed<DiskConfig> Disk(string path, IReadOnlyDictionary<string, string> settings) => DiskText.Read(this, path, settings);

    /// <summary>Reads the path of a CD-ROM image.</summary>
    public Parsed<DiskConfig> Cdrom(string text) => ExistingDisk(text).TryGet(out var path, out var problem)
        ? new DiskConfig(path) { Interface = DiskInterface.CdRom, Format = DiskFormat.Raw, IsReadOnly = true }
        : Parsed<DiskConfig>.Wrong(problem);

    /// <summary>Reads the path of an image or a block device, and makes it absolute.</summary>
    internal Parsed<string> ExistingDisk(string text)
    {
        if (text.Length == 0)
            return Parsed<string>.Wrong("The path is empty. Name a disk image or a block device.");
        var path = Absolute(text);
        if (Directory.Exists(path))
            return Parsed<string>.Wrong($"{text} is a directory. Name a disk image or a block device.");
        return File.Exists(path)
            ? path
            : Parsed<string>.Wrong($"There is no file {text}. Check the path, or make an image with \"ringmaster image create {text} 20G\".");
    }

    /// <summary>Reads <c>DIR,tag=NAME,ro</c> for a directory that is shared.</summary>
    public Parsed<ShareConfig> Share(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return ShareText.Read(text, Absolute);
    }

    /// <summary>Reads <c>NAME,property=value</c> for a device.</summary>
    public Parsed<DeviceConfig> Device(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        var properties = new Dictionary<string, string>();
        foreach (var part in parts.Skip(1))
        {
            var (key, value) = Split(part);
            if (value is null)
                return Parsed<DeviceConfig>.Wrong($"\"{part}\" has no value. Write {key}=VALUE.");
            if (!properties.TryAdd(key, value))
                return Parsed<DeviceConfig>.Wrong($"\"{key}\" is given twice. Leave one out.");
        }
        return Device(parts[0], properties);
    }

    /// <summary>Reads a device from its name and properties.</summary>
    public Parsed<DeviceConfig> Device(string name, IReadOnlyDictionary<string, string> properties) =>
        DeviceText.Read(this, name, properties);

    /// <summary>Reads one of some words.</summary>
    internal static Parsed<T> Choice<T>(string what, string text, params ReadOnlySpan<(string Word, T Value)> choices)
    {
        var words = new List<string>();
        foreach (var (word, value) in choices)
        {
            if (word.Equals(text, StringComparison.OrdinalIgnoreCase))
                return value;
            words.Add(word);
        }
        return Parsed<T>.Wrong($"There is no {what} \"{text}\".{Spelling.Suggestion(text, words)} Choose from {string.Join(", ", words)}.");
    }

    /// <summary>Reads a decimal number, or a hexadecimal one after 0x.</summary>
    internal static bool TryNumber(string text, out ulong value) => text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        ? ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    /// <summary>Divides <c>key=value</c>; there is no value without the sign.</summary>
    internal static (string Key, string? Value) Split(string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        return at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);
    }

    /// <summary>Makes a path absolute.</summary>
    internal string Absolute(string path) => Path.GetFullPath(path, baseDirectory);
}
