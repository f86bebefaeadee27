using System.Runtime.InteropServices;
using Ringmaster.Cpu;
using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.Models;
using Ringmaster.Cpu.State;
using Ringmaster.Differential.Tests.Native;
using Ringmaster.Memory;

namespace Ringmaster.Differential.Tests.Engine;

/// <summary>One vCPU of an engine that runs sequences in user mode, in the same address space as the oracle.</summary>
internal sealed class EngineSession : IDisposable
{
    private const uint InterruptFlag = 0x200;

    // Looks at a case, two seconds apart, before it counts as endless.
    private const int PatientTicks = 5;

    // Vectors that push an error code (SDM 3A table 6-1).
    private const uint VectorsWithErrorCode = 1u << 8 | 1u << 10 | 1u << 11 | 1u << 12 | 1u << 13 | 1u << 14 | 1u << 17 | 1u << 21;

    private readonly GuestMemory _memory;
    private readonly KernelImage _kernel;
    private readonly IVirtualCpu _vcpu;
    private readonly CpuState _state = KernelImage.CreateState();
    private readonly OracleMemory _image;
    private readonly Timer _watchdog;
    private long _cases;
    private long _casesAtLastTick = -1;
    private int _idleTicks;
    private volatile bool _isRunning;

    /// <summary>Creates the session.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="image">What memory holds before each case.</param>
    public EngineSession(IEngine engine, OracleMemory image)
    {
        _image = image;
        _memory = GuestMemory.Create([new RamRange(new GuestPhysicalAddress(0), KernelImage.MemorySize)]);
        _kernel = new KernelImage(_memory);
        Cpuid = BuildCpuid(engine);
        _vcpu = engine.CreateVcpu(new VcpuIndex(0), _memory, new VcpuSetup(Cpuid, new StillCounter()));
        _watchdog = new Timer(_ => StopEndlessCase(), null, 2000, 2000);
        Window(AddressSpace.Regions[AddressSpace.CodeRegion]).Fill(0xCC);
    }

    /// <summary>What CPUID returns: the host's model, as far as the engine has it.</summary>
    public CpuidTable Cpuid { get; }

    /// <summary>The host's model, as far as an engine has it.</summary>
    public static CpuidTable BuildCpuid(IEngine engine)
    {
        var resolution = CpuResolution.Of(CpuModelSelection.Parse("host"), engine.Features);
        return resolution.Cpu!.BuildTable(new VcpuTopology(new VcpuIndex(0), 1), ClockRates.WithTsc(1_000_000_000));
    }

    /// <summary>Gives the guest's data pages what the shared image holds.</summary>
    public void LoadImage()
    {
        for (var i = 0; i < AddressSpace.Regions.Count; i++)
        {
            var region = AddressSpace.Regions[i];
            if (!region.IsExecutable)
                (region.IsWritable ? _image.Image(i) : _image.Contents(i)).CopyTo(Window(region));
        }
    }

    /// <summary>Runs a case and puts the memory back.</summary>
    public void Run(in OracleSlot slot, Outcome outcome)
    {
        var code = _kernel.PhysicalOf(AddressSpace.Code) + slot.CodeOffset;
        _memory.TryWrite(code, ((ReadOnlySpan<byte>)slot.Code)[..(int)slot.CodeLength]);
        Prepare(slot);
        _vcpu.Import(_state);
        _isRunning = true;
        Execute(outcome);
        _isRunning = false;
        Span<byte> filler = stackalloc byte[(int)slot.CodeLength];
        filler.Fill(0xCC);
        _memory.TryWrite(code, filler);
        Restore(outcome.Changes);
        Interlocked.Increment(ref _cases);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _watchdog.Dispose();
        _vcpu.Dispose();
        _memory.Dispose();
    }

    private void Prepare(in OracleSlot slot)
    {
        _state.Registers = slot.Before.General;
        _state.Rip = slot.Before.Rip;
        _state.Rflags = slot.Before.Rflags | InterruptFlag;
        _state.Fpu = slot.Before.ToFpu();
        _state.Cr2 = 0;
        _state.Activity = ActivityState.Running;
        _state.Pending = null;
        KernelImage.EnterUserMode(_state, slot.Is32Bit != 0);
    }

    private void Execute(Outcome outcome)
    {
        outcome.Problem = null;
        outcome.Changes.Clear();
        var exit = _vcpu.Run(ExitAnswer.Done);
        if (exit.Kind != VmExitKind.PortWrite || exit.Address > 0xFF)
        {
            outcome.Problem = exit.Kind == VmExitKind.Kicked ? "it does not end" : $"it ends by the exit {exit}";
            return;
        }
        if (_vcpu.Settle(ExitAnswer.Done) is { } another)
        {
            outcome.Problem = $"its handler makes the exit {another}";
            return;
        }
        _vcpu.Export(_state);
        outcome.Vector = exit.Address;
        outcome.Cr2 = _state.Cr2;
        outcome.Registers.General = _state.Registers;
        outcome.Registers.SetFpu(_state.Fpu);
        ReadFrame(outcome);
    }

    // The frame of SDM 3A 6.14.2: error code, RIP, CS, RFLAGS, RSP, SS.
    private void ReadFrame(Outcome outcome)
    {
        var hasError = outcome.Vector < 32 && (VectorsWithErrorCode >> (int)outcome.Vector & 1) != 0;
        var frame = _state.Registers[4];
        var expected = KernelImage.StackTop - (hasError ? 6u : 5u) * 8;
        if (frame != expected)
        {
            outcome.Problem = $"the handler's stack pointer is {frame:X}, not {expected:X}";
            return;
        }
        outcome.Error = hasError ? Take() : 0;
        outcome.Registers.Rip = Take();
        Take();
        outcome.Registers.Rflags = Take();
        outcome.Registers.General[4] = Take();

        ulong Take()
        {
            _memory.TryRead(_kernel.PhysicalOf(frame), out ulong value);
            frame += 8;
            return value;
        }
    }

    private void Restore(List<MemoryChange> changes)
    {
        for (var i = 0; i < AddressSpace.Regions.Count; i++)
        {
            var region = AddressSpace.Regions[i];
            if (!region.IsWritable)
                continue;
            var present = MemoryMarshal.Cast<byte, ulong>(Window(region));
            var before = MemoryMarshal.Cast<byte, ulong>(_image.Image(i));
            for (var at = 0; (at += present[at..].CommonPrefixLength(before[at..])) < present.Length; at++)
            {
                changes.Add(new MemoryChange(region.Address + (ulong)at * 8, present[at]));
                present[at] = before[at];
            }
        }
    }

    private Span<byte> Window(AddressSpace.Region region) => _memory.Window(_kernel.PhysicalOf(region.Address), region.Length);

    private void StopEndlessCase()
    {
        var cases = Interlocked.Read(ref _cases);
        // A busy host may leave a case without a processor for some seconds.
        _idleTicks = _isRunning && cases == _casesAtLastTick ? _idleTicks + 1 : 0;
        if (_idleTicks >= PatientTicks)
            _vcpu.Kick();
        _casesAtLastTick = cases;
    }

    private sealed class StillCounter : ITimestampCounter
    {
        public ulong Frequency => 1_000_000_000;

        public ulong Now => 0;
    }
}
