using Ringmaster.Cpu.Interpreter.Tests.Privileged.Harness;
using Vector = Ringmaster.Cpu.Interpreter.Execution.Vector;

namespace Ringmaster.Cpu.Interpreter.Tests.Privileged;

/// <summary>Who may use which port (SDM 1 19.5). The bitmap forbids ports 8 to 15.</summary>
public sealed class PortPermissionTests
{
    [Theory]
    [InlineData(GuestMode.Real, 0, 8, 1, true)]
    [InlineData(GuestMode.Kernel32, 0, 8, 1, true)]
    [InlineData(GuestMode.User32, 3, 8, 1, true)]
    [InlineData(GuestMode.User32, 0, 7, 1, true)]
    [InlineData(GuestMode.User32, 0, 8, 1, false)]
    [InlineData(GuestMode.User32, 0, 7, 2, false)]
    [InlineData(GuestMode.User32, 0, 5, 4, false)]
    [InlineData(GuestMode.User32, 0, 4, 4, true)]
    [InlineData(GuestMode.User32, 0, 16, 4, true)]
    [InlineData(GuestMode.User32, 0, 0xFFFF, 1, false)]
    [InlineData(GuestMode.User64, 0, 7, 1, true)]
    [InlineData(GuestMode.User64, 0, 15, 1, false)]
    // IOPL does not matter in virtual-8086 mode.
    [InlineData(GuestMode.Virtual8086, 3, 8, 1, false)]
    [InlineData(GuestMode.Virtual8086, 3, 7, 1, true)]
    public void Bitmap_and_privilege_decide(GuestMode mode, int privilege, ushort port, int size, bool expected)
    {
        using var machine = new PrivilegedMachine(mode, intel: false);
        machine.State.Rflags = (machine.State.Rflags & ~0x3000UL) | ((ulong)privilege << 12);

        var allowed = machine.MayUsePort(port, size);

        Assert.Equal(expected, allowed);
        Assert.Equal(expected ? null : Vector.GeneralProtection, machine.Fault);
    }

    [Theory]
    [InlineData(0x67)]
    [InlineData(0x88)]
    public void A_short_task_state_segment_forbids_all_ports(uint limit)
    {
        using var machine = new PrivilegedMachine(GuestMode.User32, intel: false);
        machine.State.Tr = machine.State.Tr with { Limit = limit };

        Assert.False(machine.MayUsePort(0, 1));
    }
}
