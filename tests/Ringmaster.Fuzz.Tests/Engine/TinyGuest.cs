using Iced.Intel;
using Ringmaster.Cpu;
using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.State;
using Ringmaster.Memory;

namespace Ringmaster.Fuzz.Tests.Engine;

/// <summary>A vCPU with a megabyte of RAM and a few instructions, for cases that were once wrong.</summary>
internal sealed class TinyGuest : IDisposable
{
    private readonly IEngine _engine;
    private readonly GuestMemory _memory = GuestMemory.Create([new RamRange(new(0), 0x10_0000)]);
    private readonly IVirtualCpu _vcpu;

    public TinyGuest(string engine)
    {
        _engine = FuzzEngine.Create(engine);
        _vcpu = _engine.CreateVcpu(new VcpuIndex(0), _memory, new VcpuSetup(FuzzCpu.All(_engine)[0], new StoppedClock()));
    }

    public CpuState State { get; } = CpuState.PowerUp(0);

    public IVirtualCpu Vcpu => _vcpu;

    /// <summary>Real mode with all segments at zero.</summary>
    public void EnterReal(ushort ip)
    {
        (State.Cs, State.Rip) = (Segment.RealModeCode(0), ip);
        State.Registers[4] = 0x7000;
    }

    /// <summary>Flat 32-bit protected mode without an interrupt table: a fault shuts the processor down.</summary>
    public void EnterFlat(uint eip)
    {
        State.Cr0 = 0x11;
        State.Idtr = default;
        State.Cs = new Segment(8, 0, uint.MaxValue, new SegmentAttributes(0xC09B));
        State.Ss = State.Ds = State.Es = new Segment(0x18, 0, uint.MaxValue, new SegmentAttributes(0xC093));
        State.Rip = eip;
        State.Registers[4] = 0x7000;
    }

    /// <summary>64-bit mode without an interrupt table.</summary>
    public void EnterLong(ulong rip, ulong cr3)
    {
        EnterFlat(0);
        State.Cr0 |= 1UL << 31;
        (State.Cr3, State.Cr4, State.Msr.Efer) = (cr3, 0x20, 0x500);
        State.Cs = State.Cs with { Attributes = new SegmentAttributes(0xA09B) };
        State.Rip = rip;
    }

    public void Assemble(int bits, ulong at, Action<Assembler> code)
    {
        var assembler = new Assembler(bits);
        code(assembler);
        var bytes = new MemoryStream();
        assembler.Assemble(new StreamCodeWriter(bytes), at);
        Write(at, bytes.ToArray());
    }

    public void Write(ulong at, params byte[] bytes) => Assert.True(_memory.TryWrite(new GuestPhysicalAddress(at), bytes));

    /// <summary>Writes four bytes as a device does, from any thread.</summary>
    public void DeviceWrites(ulong at, uint value) => _memory.TryWrite(new GuestPhysicalAddress(at), value);

    public uint Read(ulong at)
    {
        Assert.True(_memory.TryRead(new GuestPhysicalAddress(at), out uint value));
        return value;
    }

    public void WriteEntry(ulong at, ulong value) => Assert.True(_memory.TryWrite(new GuestPhysicalAddress(at), value));

    /// <summary>Runs to the next exit, or to a kick if that takes too long, and takes the state if it is consistent.</summary>
    public VmExit Run()
    {
        _vcpu.Import(State);
        using var timer = new Timer(_ => _vcpu.Kick(), null, 3000, 100);
        var exit = _vcpu.Run(ExitAnswer.Done);
        if (exit.Kind is VmExitKind.Halt or VmExitKind.Wait or VmExitKind.Shutdown or VmExitKind.Kicked)
            _vcpu.Export(State);
        return exit;
    }

    public void Dispose()
    {
        _vcpu.Dispose();
        _memory.Dispose();
        _engine.Dispose();
    }
}
