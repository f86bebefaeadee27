using FsCheck;
using FsCheck.Fluent;
using Ringmaster.Cpu.Interrupts;
using Ringmaster.Cpu.State;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Kvm.Tests;

/// <summary>Local APICs' state through the kernel and back, without running anything.</summary>
public sealed class ApicStateTests
{
    private const ulong Base = 0xFEE0_0900, X2Apic = 0x400;
    private const int Id = 2, Version = 3, TaskPriority = 8, ProcessorPriority = 0xA, LogicalDestination = 0xD, DestinationFormat = 0xE, Spurious = 0xF,
        InService = 0x10, Requests = 0x20, CommandLow = 0x30, CommandHigh = 0x31, LvtTimer = 0x32, Lint0 = 0x35, InitialCount = 0x38, CurrentCount = 0x39,
        Divide = 0x3E;

    [SplitIrqchipFact]
    public void An_APICs_registers_come_back() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(50), Prop.ForAll(ArbMap.Default.ArbFor<ulong>(), seed =>
        {
            using var board = new Board();
            var given = Random(new Random((int)seed));

            var back = board.ThereAndBack(given);

            Assert.Equal((given.Base, Comparable(given)), (back.Base, Comparable(back)));
        }));

    [SplitIrqchipFact]
    public void A_deadline_comes_back_and_the_one_before_is_gone()
    {
        using var board = new Board();
        var given = Fresh(Base);
        given.Page[LvtTimer] = 0x4_0030;
        given.TscDeadline = ulong.MaxValue / 4;

        Assert.Equal(ulong.MaxValue / 4, board.ThereAndBack(given).TscDeadline);
        Assert.Equal(0UL, board.ThereAndBack(Fresh(Base)).TscDeadline);
    }

    [SplitIrqchipFact]
    public void A_count_goes_on_where_it_is()
    {
        using var board = new Board();
        var given = Fresh(Base);
        (given.Page[LvtTimer], given.Page[Divide], given.Page[InitialCount], given.Page[CurrentCount]) = (0x2_0030, 0xA, 4_000_000_000, 2_000_000_000);

        var count = board.ThereAndBack(given).Page[CurrentCount];

        // A tick is 128 ns.
        Assert.InRange(count, 2_000_000_000u - 10_000_000, 2_000_000_000u);
    }

    [SplitIrqchipFact]
    public void A_message_waits_in_the_APIC_that_it_is_for()
    {
        using var board = new Board();
        using var other = Vcpus.Create(board.Engine, board.Memory, 1);
        other.Import(CpuState.PowerUp(0));
        board.Vcpu.Apic!.Import(Fresh(Base));
        var second = Fresh(0xFEE0_0800 | X2Apic);
        second.Page[Id] = 1;
        other.Apic!.Import(second);

        Assert.True(board.Fabric.Send(new InterruptMessage(1, false, 0, 0x45, false)));

        Assert.Equal(0u, board.Vcpu.Apic!.Export().Page[Requests + 2]);
        Assert.Equal(1u << 5, other.Apic!.Export().Page[Requests + 2]);
    }

    [SplitIrqchipFact]
    public void Level_inputs_are_taken()
    {
        using var board = new Board();

        board.Fabric.SetLevels([null, new InterruptMessage(0, false, 0, 0x31, true), new InterruptMessage(0xFF, true, 1, 0x32, true)]);
        board.Fabric.SetLevels([null, null, null]);
    }

    [SplitIrqchipFact]
    public void What_a_vcpu_does_comes_back()
    {
        using var board = new Board();
        foreach (var activity in (ActivityState[])[ActivityState.Halted, ActivityState.WaitForStartup, ActivityState.Shutdown, ActivityState.Running])
        {
            var (state, back) = (States.LongMode(), new CpuState());
            state.Activity = activity;

            board.Vcpu.Import(state);
            board.Vcpu.Export(back);

            Assert.Equal(activity, back.Activity);
        }
    }

    [SplitIrqchipFact]
    public void A_vcpus_state_comes_back_and_leaves_the_APIC_alone()
    {
        using var board = new Board();
        board.Vcpu.Apic!.Import(Fresh(Base | X2Apic));
        var back = new CpuState();

        board.Vcpu.Import(States.LongMode());
        board.Vcpu.Export(back);

        Assert.Equal(StateText.Of(States.LongMode()), StateText.Of(back));
        Assert.Equal(Base | X2Apic, board.Vcpu.Apic!.Export().Base);
    }

    [SplitIrqchipFact]
    public void An_interrupt_of_the_8259_is_part_of_the_state_at_once_and_ends_a_halt()
    {
        using var board = new Board();
        var (state, back) = (States.LongMode(), new CpuState());
        state.Activity = ActivityState.Halted;
        board.Vcpu.Import(state);
        var apic = Fresh(Base);
        apic.Page[Lint0] = 0x700;
        board.Vcpu.Apic!.Import(apic);
        Assert.True(board.Vcpu.CanTakeInterrupt);

        board.Vcpu.InjectInterrupt(0x20);
        board.Vcpu.Export(back);

        Assert.Equal((new PendingException(0x20, null, PendingExceptionKind.ExternalInterrupt), ActivityState.Running), (back.Pending, back.Activity));
        Assert.False(board.Vcpu.CanTakeInterrupt);
    }

    [SplitIrqchipFact]
    public void An_APIC_that_masks_LINT0_lets_no_interrupt_of_the_8259_through()
    {
        using var board = new Board();
        board.Vcpu.Import(States.LongMode());

        board.Vcpu.Apic!.Import(Fresh(Base));

        Assert.False(board.Vcpu.CanTakeInterrupt);
    }

    [SplitIrqchipFact]
    public void A_start_up_IPI_starts_a_processor_that_waits()
    {
        using var board = new Board();
        using var other = Vcpus.Create(board.Engine, board.Memory, 1);
        var state = CpuState.PowerUp(0).AsApplicationProcessor(0);
        other.Import(state);
        board.Vcpu.Apic!.Import(Fresh(Base));
        var second = Fresh(0xFEE0_0800);
        second.Page[Id] = 1 << 24;
        other.Apic!.Import(second);

        Assert.True(board.Fabric.Send(new InterruptMessage(1, false, 6, 0x9A, false)));
        var back = new CpuState();
        other.Export(back);

        Assert.Equal((ActivityState.Running, 0x9A000UL, 0UL), (back.Activity, back.Cs.Base, back.Rip));
    }

    [SplitIrqchipFact]
    public void A_new_state_forgets_an_SMI()
    {
        using var board = new Board();
        board.Vcpu.Apic!.Import(Fresh(Base));
        // Not all kernels have system-management mode, so it may be that nobody takes it.
        board.Fabric.Send(new InterruptMessage(0, false, 2, 0, false));
        var (state, back) = (States.LongMode(), new CpuState());
        state.Activity = ActivityState.WaitForStartup;

        board.Vcpu.Import(state);
        board.Vcpu.Export(back);

        Assert.Equal(ActivityState.WaitForStartup, back.Activity);
    }

    [KvmDeviceFact]
    public void Without_an_APIC_in_the_kernel_there_is_none_to_lend()
    {
        using var memory = GuestMemory.Create([new RamRange(new(0), 0x10_0000)]);
        using var engine = KvmEngine.Create();
        using var vcpu = Vcpus.Create(engine, memory);

        Assert.Null(vcpu.Apic);
        Assert.Null(engine.FabricOf(memory));
    }

    private static ApicRegisters Fresh(ulong apicBase)
    {
        var registers = new ApicRegisters { Base = apicBase };
        registers.Page[DestinationFormat] = uint.MaxValue;
        registers.Page[Spurious] = 0x1FF;
        for (var i = LvtTimer; i <= LvtTimer + 5; i++)
            registers.Page[i] = 0x1_0000;
        return registers;
    }

    /// <summary>A state in which everything has a value that it can have, and no timer runs.</summary>
    private static ApicRegisters Random(Random random)
    {
        var isX2Apic = random.Next(2) == 0;
        var registers = Fresh(Base | (isX2Apic ? X2Apic : 0));
        var page = registers.Page;
        page[Id] = isX2Apic ? 0 : (uint)random.Next(255) << 24;
        page[TaskPriority] = (uint)random.Next(256);
        page[LogicalDestination] = isX2Apic ? 1 : (uint)random.Next(256) << 24;
        page[DestinationFormat] = random.Next(2) == 0 ? uint.MaxValue : 0x0FFF_FFFF;
        page[Spurious] = (uint)random.Next(0x400);
        for (var word = 0; word < 24; word++)
            page[InService + word] = (uint)random.NextInt64(1L << 32);
        for (var set = InService; set <= Requests; set += 8)
            page[set] &= 0xFFFF_0000;
        page[CommandLow] = (uint)random.Next() & 0xC_CFFF;
        page[CommandHigh] = isX2Apic ? (uint)random.Next() : (uint)random.Next(256) << 24;
        page[LvtTimer] = 0x1_0000 | (uint)random.Next(256);
        page[Lint0] = (uint)random.Next() & 0x1_A7FF;
        page[Divide] = (uint)random.Next(16) & 0xB;
        return registers;
    }

    /// <summary>Registers as lines, without what is derived or the kernel's own.</summary>
    private static string Comparable(ApicRegisters registers) =>
        string.Join('\n', registers.Page.Select((value, i) => i is Version or ProcessorPriority ? "" : $"{i * 16:X3} {value:X8}"));

    private sealed class Board : IDisposable
    {
        public Board()
        {
            Memory = GuestMemory.Create([new RamRange(new(0), 0x10_0000)]);
            Engine = KvmEngine.Create(irqchip: KvmIrqchip.Split);
            Vcpu = Vcpus.Create(Engine, Memory);
            Vcpu.Import(CpuState.PowerUp(0));
        }

        public GuestMemory Memory { get; }

        public KvmEngine Engine { get; }

        public IVirtualCpu Vcpu { get; }

        public IInterruptFabric Fabric => Engine.FabricOf(Memory)!;

        public ApicRegisters ThereAndBack(ApicRegisters registers)
        {
            Vcpu.Apic!.Import(registers);
            return Vcpu.Apic!.Export();
        }

        public void Dispose()
        {
            Vcpu.Dispose();
            Engine.Dispose();
            Memory.Dispose();
        }
    }
}
