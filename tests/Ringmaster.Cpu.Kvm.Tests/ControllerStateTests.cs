using FsCheck;
using FsCheck.Fluent;
using Ringmaster.Cpu.Interrupts;
using Ringmaster.Cpu.Kvm.State;
using Ringmaster.Cpu.State;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Kvm.Tests;

/// <summary>States of the 8259 pair and the I/O APIC in the kernel's form, and through the kernel and back.</summary>
public sealed class ControllerStateTests
{
    private const ulong Masked = 1 << 16, Level = 1 << 15, RemoteIrr = 1 << 14;

    private static readonly IoApicRegisters s_unused = new(0, 0, 0, [.. Enumerable.Repeat(Masked, 24)]);

    [Fact]
    public void The_kernels_form_holds_all_of_an_8259A() => Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        var chip = RandomChip(new Random(seed));

        Assert.Equal(chip, chip.ToKvm(isMaster: true).ToCanonical());
    }));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(4, 3)]
    public void The_kernel_counts_the_words_that_have_come(byte next, byte last) =>
        Assert.Equal(last, (new PicRegisters { NextWord = next }).ToKvm(isMaster: true).LastWord);

    [Fact]
    public void An_edge_that_was_sent_does_not_rise_again()
    {
        var entries = Enumerable.Repeat(Masked, 24).ToArray();
        (entries[4], entries[5]) = (0x41, 0x51 | Level);

        var state = new IoApicRegisters(0, 0, 0xFF_FFFF, entries).ToKvm();

        Assert.Equal(0xFF_FFEFu, state.Inputs);
    }

    [KernelIrqchipFact]
    public void An_8259_pair_comes_back() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(50), Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        using var board = new Board();
        var random = new Random(seed);
        var (master, slave) = (RandomChip(random), RandomChip(random));
        // What a slave asks for, its master has been asked for; another state of the two does not last.
        (slave, master) = (slave with { Request = 0, LevelTriggered = 0 }, master with { LevelTriggered = (byte)(master.LevelTriggered & 0xF8) });

        board.Controllers.Import(master, slave, s_unused);
        var (masterBack, slaveBack, _) = board.Controllers.Export();

        Assert.Equal((master, slave), (masterBack, slaveBack));
    }));

    [KernelIrqchipFact]
    public void An_IO_APIC_comes_back() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(50), Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        using var board = new Board();
        var random = new Random(seed);
        // A level that is to be sent would change the state: such inputs are low, or wait for an end.
        var entries = Enumerable.Range(0, 24).Select(_ => (ulong)random.NextInt64() & 0xFF00_0000_0001_A8FF | (random.Next(2) == 0 ? Level | RemoteIrr : 0)).ToArray();
        for (var i = 0; i < 24; i++)
            entries[i] = (entries[i] & RemoteIrr) == 0 ? entries[i] & ~Level : entries[i];
        var given = new IoApicRegisters((byte)random.Next(256), (byte)random.Next(16), (uint)random.Next(1 << 24), entries);

        board.Controllers.Import(default, default, given);
        var back = board.Controllers.Export().IoApic;

        Assert.Equal((given.Select, given.Id), (back.Select, back.Id));
        Assert.Equal(given.Entries, back.Entries);
    }));

    [KernelIrqchipFact]
    public void A_level_that_waits_is_sent_and_one_that_was_sent_waits_for_its_end()
    {
        using var board = new Board();
        var entries = s_unused.Entries.ToArray();
        (entries[9], entries[10]) = (0x91 | Level, 0xA1 | Level | RemoteIrr);

        board.Controllers.Import(default, default, s_unused with { Inputs = 3 << 9, Entries = entries });

        Assert.Equal([0x91], board.Requests());
        Assert.Equal(0x91 | Level | RemoteIrr, board.Controllers.Export().IoApic.Entries[9]);
    }

    [KernelIrqchipFact]
    public void Inputs_are_those_of_the_chips()
    {
        using var board = new Board();
        var entries = s_unused.Entries.ToArray();
        (entries[2], entries[4], entries[20]) = (0x21, 0x41, 0xE1);
        board.Controllers.Import(default, default, s_unused with { Entries = entries });

        board.Controllers.SetIoApicInput(2, true);
        board.Controllers.SetIoApicInput(20, true);
        board.Controllers.SetPicInput(4, true);
        board.Controllers.SetPicInput(12, true);

        Assert.Equal([0x21, 0xE1], board.Requests());
        var (master, slave, _) = board.Controllers.Export();
        Assert.Equal((1 << 4, 1 << 4), (master.Request & 1 << 4, slave.Request));
    }

    [KernelIrqchipFact]
    public void Who_ends_levels_at_the_IO_APIC_is_refused_in_words()
    {
        using var board = new Board();
        var apic = board.Apic();
        apic.Page[0xF] |= 1 << 12;

        var refusal = Assert.Throws<KvmException>(() => board.Vcpu.Apic!.Import(apic));

        Assert.Contains("Choose irqchip=split", refusal.Message, StringComparison.Ordinal);
    }

    private static PicRegisters RandomChip(Random random)
    {
        return new PicRegisters(
            Byte(), Byte(), Byte(), Byte(), (byte)(Byte() & 0xD8), (byte)(Byte() & 0xF8), (byte)random.Next(8), (byte)(random.Next(2) == 0 ? 0 : random.Next(2, 5)),
            Flag(), Flag(), Flag(), Flag(), Flag(), Flag(), Flag());

        byte Byte() => (byte)random.Next(256);
        bool Flag() => random.Next(2) == 0;
    }

    private sealed class Board : IDisposable
    {
        private readonly GuestMemory _memory = GuestMemory.Create([new RamRange(new(0), 0x10_0000)]);
        private readonly KvmEngine _engine = KvmEngine.Create(irqchip: KvmIrqchip.Kernel);

        public Board()
        {
            Vcpu = Vcpus.Create(_engine, _memory);
            Vcpu.Import(CpuState.PowerUp(0));
            Vcpu.Apic!.Import(Apic());
        }

        public IVirtualCpu Vcpu { get; }

        public IVirtualControllers Controllers => _engine.FabricOf(_memory)!.Controllers!;

        /// <summary>An APIC that takes interrupts, and none from the 8259.</summary>
        public ApicRegisters Apic()
        {
            var registers = new ApicRegisters { Base = 0xFEE0_0900 };
            registers.Page[0xF] = 0x1FF;
            registers.Page[0xE] = uint.MaxValue;
            for (var entry = 0x32; entry <= 0x37; entry++)
                registers.Page[entry] = 0x1_0000;
            return registers;
        }

        /// <summary>The vectors that wait in the local APIC.</summary>
        public int[] Requests()
        {
            var page = Vcpu.Apic!.Export().Page;
            return [.. Enumerable.Range(0, 256).Where(vector => (page[0x20 + vector / 32] >> vector % 32 & 1) != 0)];
        }

        public void Dispose()
        {
            Vcpu.Dispose();
            _engine.Dispose();
            _memory.Dispose();
        }
    }
}
