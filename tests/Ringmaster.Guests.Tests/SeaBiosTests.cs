using Ringmaster.Guests.Tests.Running;
using Ringmaster.Machine.Configuration;
using Ringmaster.Memory;

namespace Ringmaster.Guests.Tests;

/// <summary>SeaBIOS starts at the reset vector and comes to the end of what it can do on a machine without disks and PCI.</summary>
public sealed class SeaBiosTests
{
    private const ushort LogPort = 0x402;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(150);

    [Theory]
    [InlineData(EngineChoice.Interpreter)]
    [InlineData(EngineChoice.Translator)]
    public void It_sets_the_machine_up_and_finds_nothing_to_boot(EngineChoice engine)
    {
        using var machine = new RunningMachine(new MachineConfig
        {
            Firmware = new FirmwareConfig(GuestFile.SeaBios),
            Engine = new EngineConfig(engine),
            Memory = ByteSize.FromMebibytes(64),
            Devices = [new DeviceConfig.DebugConsole(new IoPort(LogPort), SerialConfig.None)],
        });

        var hasEnded = machine.Debug.WaitUntil(log => log.Contains("No bootable device.", StringComparison.Ordinal), s_patience);

        var log = machine.Debug.Text;
        Assert.True(hasEnded, log);
        string[] milestones =
        [
            "SeaBIOS (version", "Found QEMU fw_cfg", "QEMU fw_cfg DMA interface supported", "len 0x0000000004000000 [RAM]", "Relocating init from",
            "Found 1 cpu(s)", "Copying SMBIOS from", "Found 4 serial ports", "PS2 keyboard initialized", "All threads complete.",
            "e820 map has", "Booting from Hard Disk...",
        ];
        var at = 0;
        foreach (var milestone in milestones)
        {
            at = log.IndexOf(milestone, at, StringComparison.Ordinal);
            Assert.True(at >= 0, $"\"{milestone}\" is missing from, or in the wrong place of:\n{log}");
        }
        Assert.Null(machine.Outcome);
    }
}
