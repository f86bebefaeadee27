using Ringmaster.Cpu.Doorbells;
using Ringmaster.Host.Waiting;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Kvm.Tests;

/// <summary>Doorbells that the kernel takes, without a guest that rings.</summary>
public sealed class DoorbellTests
{
    [KvmDeviceFact]
    public void The_kernel_takes_doorbells_and_gives_them_back()
    {
        using var memory = GuestMemory.Create([new RamRange(new(0), 0x10_0000)]);
        using var engine = KvmEngine.Create();
        using var vcpu = Vcpus.Create(engine, memory);
        using Alarm one = new(), two = new();
        var board = engine.DoorbellsOf(memory)!;
        var (memoryBell, portBell, otherQueue) =
            (new Doorbell(0xE000_3000, false, 0, null), new Doorbell(0xC010, true, 2, 0), new Doorbell(0xC010, true, 2, 1));

        Assert.True(board.TryAdd(memoryBell, one));
        Assert.True(board.TryAdd(portBell, one));
        Assert.True(board.TryAdd(otherQueue, two));
        Assert.False(board.TryAdd(memoryBell, two));
        board.Remove(memoryBell, one);

        Assert.True(board.TryAdd(memoryBell, two));
    }

    [KvmDeviceFact]
    public void Without_a_guest_there_is_nobody_who_could_ring()
    {
        using var memory = GuestMemory.Create([new RamRange(new(0), 0x10_0000)]);
        using var engine = KvmEngine.Create();
        using var alarm = new Alarm();
        var vcpu = Vcpus.Create(engine, memory);
        var board = engine.DoorbellsOf(memory)!;
        vcpu.Dispose();

        Assert.False(board.TryAdd(new Doorbell(0xE000_3000, false, 0, null), alarm));
        board.Remove(new Doorbell(0xE000_3000, false, 0, null), alarm);
    }
}
