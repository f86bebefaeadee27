using Ringmaster.Backends.Network;
using Ringmaster.Cpu.Models;
using Ringmaster.Guests.Tests.Harness;
using Ringmaster.Guests.Tests.Linux;
using Ringmaster.Machine;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Guests.Tests.Pc;

/// <summary>A kernel that must not use ACPI finds processors and interrupts by the MP tables. Debian's cloud kernel cannot, its generic one can.</summary>
public sealed class MpTests
{
    [Theory]
    [InlineData(MachineType.Q35)]
    [InlineData(MachineType.Pc)]
    public void Linux_without_ACPI_has_all_processors_and_interrupts_of_the_IO_APIC(MachineType type)
    {
        using var linux = LinuxGuest.Generic();
        var machine = linux.Machine($"{LinuxGuest.NoCryptoTests} acpi=off ringmaster.run=\"echo; echo cpus=$(nproc); cat /proc/interrupts; echo all-told; reboot -f\"");
        using var guest = new TestGuest(machine with { Type = type, Cpus = CpuTopology.OfCores(2) });

        guest.Console.Expect("\ncpus=", TestGuest.Patience);
        var told = guest.Console.Expect("all-told\n", TestGuest.Patience);

        Assert.StartsWith("2\n", told, StringComparison.Ordinal);
        Assert.Matches(@"IO-APIC +4-edge +ttyS0", told);
        Assert.Matches(@"IO-APIC +12-edge +i8042", told);
        Assert.Contains("Intel MultiProcessor Specification v1.4", guest.Console.Text, StringComparison.Ordinal);
    }
}
