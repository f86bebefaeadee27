using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Instructions;
using Ringmaster.Cpu.Models;
using Ringmaster.Cpu.State;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Interpreter.Tests.HarnessSimd;

/// <summary>
/// A vCPU in 64-bit mode with every feature, over 2 MiB of identity-mapped RAM with one page missing, that executes single
/// instructions without a run loop.
/// </summary>
internal sealed unsafe class GuestMachine : IDisposable
{
    public const ulong Code = 0x10000, Data = 0x20000, MissingPage = 0x22000;
    private readonly GuestMemory _memory = GuestMemory.Create([new RamRange(new(0), 0x20_0000)]);
    private readonly BlockDecoder _decoder;
    private readonly Op* _ops = (Op*)System.Runtime.InteropServices.NativeMemory.AlignedAlloc((nuint)(sizeof(Op) * BlockDecoder.MaxOps), 64);
    private Block _block;

    public GuestMachine()
    {
        var all = new CpuidResult(uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue);
        var cpuid = new CpuidTable(new Dictionary<(uint, uint), CpuidResult>
        {
            [(1, 0)] = all, [(7, 0)] = all, [(7, 1)] = all, [(0xD, 1)] = all, [(0x8000_0001, 0)] = all,
            [(0x8000_0008, 0)] = all with { Eax = 0x3030 },
        });
        _decoder = new BlockDecoder(HandlerTable.Create(), cpuid);
        Cpu = new Vcpu(new VcpuIndex(0), _memory, new VcpuSetup(cpuid, new StoppedCounter()), new HandlerTable());
        WritePageTables();
        Cpu.Import(LongMode());
    }

    public Vcpu Cpu { get; }

    /// <summary>Where the guest's memory is in this process.</summary>
    public byte* Host(ulong address) => _memory.HostBase + address;

    /// <summary>Decodes one instruction; <see cref="Execute"/> then carries it out any number of times.</summary>
    public void Decode(ReadOnlySpan<byte> instruction)
    {
        new Span<byte>(Host(Code), 64).Clear();
        instruction.CopyTo(new Span<byte>(Host(Code), 64));
        _block = new Block { Key = Block.KeyOf(Code, 2, single: false), Ops = _ops };
        fixed (Block* block = &_block)
            _decoder.Decode(block, _memory, null, 2, (ulong)instruction.Length, BlockDecoder.MaxInstructions);
        if (_block.Count < 2 || _block.Length != instruction.Length)
            throw new InvalidOperationException("The interpreter's decoder does not see one whole instruction here.");
    }

    /// <summary>Carries the decoded instruction out, with its guards.</summary>
    /// <returns>How it ended; <see cref="Status.Next"/> if it completed.</returns>
    public Status Execute()
    {
        Cpu.HasPending = false;
        Cpu.Rip = Code;
        Cpu.R[17] = Code;
        for (var op = _ops; ; op++)
        {
            if (op->Offset != 0)
                return Status.Next;
            var status = op->Execute(Cpu, op);
            if (status != Status.Next)
                return status;
        }
    }

    /// <summary>Loads registers.</summary>
    public void Load(in VectorState state)
    {
        for (var i = 0; i < 16; i++)
        {
            Cpu.Fpu.Vectors[i] = default;
            for (var word = 0; word < 4; word++)
                Cpu.Fpu.Vectors[i][word] = state.Vectors[4 * i + word];
            Cpu.R[i] = state.General[i];
        }
        Cpu.Fpu.Mxcsr = state.Mxcsr;
        Cpu.SetStatus((uint)state.Flags);
    }

    /// <summary>Stores registers.</summary>
    public void Store(ref VectorState state)
    {
        for (var i = 0; i < 16; i++)
        {
            for (var word = 0; word < 4; word++)
                state.Vectors[4 * i + word] = Cpu.Fpu.Vectors[i][word];
            state.General[i] = Cpu.R[i];
        }
        state.Mxcsr = Cpu.Fpu.Mxcsr;
        state.Flags = Cpu.Flags;
    }

    public void Dispose()
    {
        Cpu.Dispose();
        _memory.Dispose();
        System.Runtime.InteropServices.NativeMemory.AlignedFree(_ops);
    }

    private static CpuState LongMode()
    {
        var state = CpuState.PowerUp(0);
        var code = new SegmentAttributes(0x209B);
        var data = new SegmentAttributes(0xC093);
        state.Cs = new Segment(8, 0, uint.MaxValue, code);
        state.Ds = state.Es = state.Ss = state.Fs = state.Gs = new Segment(16, 0, uint.MaxValue, data);
        state.Cr0 = 0x8000_0033;
        state.Cr3 = 0x1000;
        state.Cr4 = (1 << 5) | (1 << 9) | (1 << 10) | (1 << 18);
        state.Xcr0 = 7;
        state.Msr.Efer = 0x500;
        state.Rip = Code;
        return state;
    }

    private void WritePageTables()
    {
        ((ulong*)Host(0x1000))[0] = 0x2003;
        ((ulong*)Host(0x2000))[0] = 0x3003;
        ((ulong*)Host(0x3000))[0] = 0x4003;
        for (ulong page = 0; page < 512; page++)
            ((ulong*)Host(0x4000))[page] = page << 12 == MissingPage ? 0 : (page << 12) | 3;
    }

    private sealed class StoppedCounter : ITimestampCounter
    {
        public ulong Frequency => 1_000_000_000;

        public ulong Now => 0;
    }
}
