using Ringmaster.Cpu;
using Ringmaster.Cpu.Interrupts;
using Ringmaster.Cpu.State;

namespace Ringmaster.Conformance.Tests.Engines;

/// <summary>The local APIC of a vCPU whose engine has it itself, and with it HLT and interrupts.</summary>
internal sealed class ApicUnderTest
{
    // SDM 3A 11.4.4: enabled, of the bootstrap processor.
    private const ulong Base = 0xFEE0_0900;

    // SDM 3A table 11-1, offsets divided by 16.
    private const int TaskPriority = 8, DestinationFormat = 0xE, Spurious = 0xF, FirstLocalVector = 0x32, LastLocalVector = 0x37;

    private readonly IVirtualCpu _cpu;
    private readonly IInterruptFabric _fabric;
    private readonly CpuState _state = new();

    private ApicUnderTest(IVirtualCpu cpu, IInterruptFabric fabric) => (_cpu, _fabric) = (cpu, fabric);

    /// <summary>Whether the vCPU waits for an interrupt. Only between two calls of <see cref="IVirtualCpu.Run"/>.</summary>
    public bool IsHalted
    {
        get
        {
            _cpu.Export(_state);
            return _state.Activity == ActivityState.Halted;
        }
    }

    /// <summary>Has it enabled, with its own sources masked and nothing of the case before waiting or in service.</summary>
    /// <param name="cpu">The vCPU, which has its state already.</param>
    /// <param name="fabric">What leads to the APIC.</param>
    /// <param name="state">The vCPU's state.</param>
    public static ApicUnderTest Enter(IVirtualCpu cpu, IInterruptFabric fabric, CpuState state)
    {
        var registers = new ApicRegisters { Base = Base };
        // CR8 is a part of it (SDM 3A 11.8.6).
        registers.Page[TaskPriority] = (uint)state.Cr8 << 4;
        registers.Page[DestinationFormat] = uint.MaxValue;
        registers.Page[Spurious] = 0x1FF;
        registers.Page.AsSpan(FirstLocalVector..(LastLocalVector + 1)).Fill(0x1_0000);
        cpu.Apic!.Import(registers);
        return new(cpu, fabric);
    }

    /// <summary>Has an interrupt wait there until the vCPU can take it.</summary>
    public void Send(byte vector) => Assert.True(_fabric.Send(new InterruptMessage(0, IsLogical: false, Mode: 0, vector, IsLevel: false)));
}
