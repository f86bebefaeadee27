using Iced.Intel;
using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.Models;
using Ringmaster.Cpu.State;
using Ringmaster.Memory;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Cpu.Interpreter.Tests.RomAccess;

/// <summary>Code and data in ROM, from the reset vector on: fetched and loaded like RAM, stored to like a device.</summary>
public sealed class RomTests : IDisposable
{
    private const ulong RomStart = 0xFFFF_0000, Constant = 0x100;
    private readonly byte[] _rom = new byte[0x1_0000];
    private readonly InterpreterEngine _engine = new();
    private GuestMemory? _memory;

    [Fact]
    public void Code_at_the_reset_vector_runs_and_reads_its_constants()
    {
        BitConverter.TryWriteBytes(_rom.AsSpan((int)Constant), 0x1234_5678);
        using var cpu = Start(code => code.mov(eax, __.cs[(int)Constant]));

        var exits = Run(cpu);

        Assert.Equal([new VmExit(VmExitKind.Halt)], exits);
        Assert.Equal(0x1234_5678UL, Rax(cpu));
    }

    [Fact]
    public void A_store_leaves_rom_alone_and_goes_to_the_bus()
    {
        BitConverter.TryWriteBytes(_rom.AsSpan((int)Constant), 0x1234_5678);
        using var cpu = Start(code =>
        {
            // Flat segments, as firmware makes them first of all; the second load takes the fast path.
            code.mov(eax, __.ds[ebx]);
            code.mov(__dword_ptr.ds[ebx], 0x55AA);
            code.inc(__dword_ptr.ds[ebx]);
            code.mov(eax, __.ds[ebx]);
        });

        var exits = Run(cpu);

        Assert.Equal(
        [
            VmExit.MmioWrite(new(RomStart + Constant), 4, 0x55AA),
            VmExit.MmioWrite(new(RomStart + Constant), 4, 0x1234_5679),
            new VmExit(VmExitKind.Halt),
        ], exits);
        Assert.Equal(0x1234_5678UL, Rax(cpu));
    }

    public void Dispose()
    {
        _memory?.Dispose();
        _engine.Dispose();
    }

    // The reset vector holds a jump to the code at the ROM's start.
    private IVirtualCpu Start(Action<Assembler> write)
    {
        var code = new Assembler(16);
        write(code);
        code.hlt();
        var bytes = new MemoryStream();
        code.Assemble(new StreamCodeWriter(bytes), 0);
        bytes.ToArray().CopyTo(_rom, 0);
        byte[] jump = [0xE9, 0x0D, 0x00];
        jump.CopyTo(_rom, 0xFFF0);
        _memory = GuestMemory.CreatePc(1 << 20, new RomImage(new(RomStart), _rom));

        var cpu = _engine.CreateVcpu(new VcpuIndex(0), _memory, new VcpuSetup(new CpuidTable([]), new StoppedCounter()));
        var state = CpuState.PowerUp(0);
        state.Ds = new Segment(0, 0, uint.MaxValue, SegmentAttributes.RealModeData);
        state.Registers[3] = RomStart + Constant;
        cpu.Import(state);
        return cpu;
    }

    private static List<VmExit> Run(IVirtualCpu cpu)
    {
        var exits = new List<VmExit>();
        do
            exits.Add(cpu.Run(ExitAnswer.Done));
        while (exits[^1].Kind != VmExitKind.Halt && exits.Count < 10);
        return exits;
    }

    private static ulong Rax(IVirtualCpu cpu)
    {
        var state = new CpuState();
        cpu.Export(state);
        return state.Registers[0];
    }

    private sealed class StoppedCounter : ITimestampCounter
    {
        public ulong Frequency => 1_000_000_000;

        public ulong Now => 0;
    }
}
