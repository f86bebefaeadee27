using Ringmaster.Memory;

namespace Ringmaster.Machine.Configuration.Reading;

/// <summary>Reads devices: which there are, which properties each has, and their defaults.</summary>
internal static class DeviceText
{
    private const string TestDevice = "testdev", DebugExit = "isa-debug-exit", DebugConsole = "debugcon";
    private const string PortProperty = "iobase", SizeProperty = "iosize", OutputProperty = "output";
    private const ushort DefaultExitPort = 0x501, DefaultConsolePort = 0xE9;
    private const int DefaultExitSize = 2;

    internal static Parsed<DeviceConfig> Read(OptionText reader, string name, IReadOnlyDictionary<string, string> properties)
    {
        var kind = OptionText.Choice("device", name, (TestDevice, TestDevice), (DebugExit, DebugExit), (DebugConsole, DebugConsole));
        if (!kind.TryGet(out var device, out var problem))
            return Parsed<DeviceConfig>.Wrong(problem);
        string[] known = device switch
        {
            DebugExit => [PortProperty, SizeProperty],
            DebugConsole => [PortProperty, OutputProperty],
            _ => [],
        };
        foreach (var key in properties.Keys)
        {
            if (!known.Contains(key))
                return Parsed<DeviceConfig>.Wrong($"{device} has no property \"{key}\".{Spelling.Suggestion(key, known)}");
        }
        return device switch
        {
            DebugExit => ReadDebugExit(properties),
            DebugConsole => ReadDebugConsole(reader, properties),
            _ => new DeviceConfig.TestDevice(),
        };
    }

    private static Parsed<DeviceConfig> ReadDebugExit(IReadOnlyDictionary<string, string> properties)
    {
        if (!Port(properties, DefaultExitPort).TryGet(out var port, out var problem))
            return Parsed<DeviceConfig>.Wrong(problem);
        ulong size = DefaultExitSize;
        if (properties.TryGetValue(SizeProperty, out var text) && (!OptionText.TryNumber(text, out size) || size is not (1 or 2 or 4)))
            return Parsed<DeviceConfig>.Wrong($"\"{text}\" is no size for {DebugExit}. Write 1, 2 or 4.");
        return (int)port.Value + (int)size > 0x1_0000
            ? Parsed<DeviceConfig>.Wrong($"{size} ports from {port} on do not fit below 0x10000. Choose a lower {PortProperty}.")
            : new DeviceConfig.DebugExit(port, (int)size);
    }

    private static Parsed<DeviceConfig> ReadDebugConsole(OptionText reader, IReadOnlyDictionary<string, string> properties)
    {
        if (!Port(properties, DefaultConsolePort).TryGet(out var port, out var problem))
            return Parsed<DeviceConfig>.Wrong(problem);
        if (!reader.Serial(properties.GetValueOrDefault(OutputProperty, "stdio")).TryGet(out var output, out problem))
            return Parsed<DeviceConfig>.Wrong(problem);
        return new DeviceConfig.DebugConsole(port, output);
    }

    private static Parsed<IoPort> Port(IReadOnlyDictionary<string, string> properties, ushort fallback)
    {
        if (!properties.TryGetValue(PortProperty, out var text))
            return new IoPort(fallback);
        return OptionText.TryNumber(text, out var value) && value <= ushort.MaxValue
            ? new IoPort((ushort)value)
            : Parsed<IoPort>.Wrong($"\"{text}\" is no I/O port. Write a number from 0 to 0xffff.");
    }
}
