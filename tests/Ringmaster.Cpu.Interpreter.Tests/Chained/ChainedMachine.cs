using System.Runtime.InteropServices;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Flags;
using Ringmaster.Cpu.Interpreter.Instructions;
using Ringmaster.Cpu.Interpreter.Instructions.Chained;
using Ringmaster.Cpu.Interpreter.Tests.HarnessX87;
using Ringmaster.Cpu.State;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Interpreter.Tests.Chained;

/// <summary>Executes a block in 64-bit mode either operation by operation or chained.</summary>
internal sealed unsafe class ChainedMachine : IDisposable
{
    public const ulong CodeAddress = 0x1000;
    public const int MemorySize = 0x10000;

    private static readonly HandlerTable s_handlers = HandlerTable.Create();
    private static readonly ChainTable s_chains = ChainTable.Create();

    private readonly GuestMemory _memory = GuestMemory.Create([new RamRange(new(0), MemorySize)]);
    private readonly BlockDecoder _decoder;
    private readonly Block* _block = (Block*)NativeMemory.AllocZeroed((nuint)sizeof(Block));
    private readonly Op* _ops = (Op*)NativeMemory.AlignedAlloc((nuint)(sizeof(Op) * BlockDecoder.MaxOps), 64);
    private readonly Vcpu _cpu;

    public ChainedMachine()
    {
        var cpuid = HostCpuid.Read();
        _cpu = new Vcpu(new VcpuIndex(0), _memory, new VcpuSetup(cpuid, new StoppedCounter()), s_handlers);
        _decoder = new BlockDecoder(s_handlers, cpuid);
        var state = CpuState.PowerUp(0);
        state.Cr0 = 0x31;
        state.Msr.Efer = EferBits.LongModeEnable | EferBits.LongModeActive;
        state.Cs = new Segment(0x33, 0, uint.MaxValue, new SegmentAttributes(0xA09B));
        state.Ss = state.Ds = state.Es = new Segment(0, 0, uint.MaxValue, new SegmentAttributes(0xC093));
        state.Gs = new Segment(0, 0x100, uint.MaxValue, new SegmentAttributes(0xC093));
        _cpu.Import(state);
    }

    /// <summary>Guest RAM.</summary>
    public Span<byte> Memory => _memory.Window(new GuestPhysicalAddress(0), MemorySize);

    /// <summary>How many of the block's operations have a chained handler of their own.</summary>
    public int CountFast()
    {
        var count = 0;
        for (var i = 0; i < _block->Count; i++)
            count += s_chains.Whole.Find(_ops + i) != null ? 1 : 0;
        return count;
    }

    /// <summary>Decodes the block at <see cref="CodeAddress"/>.</summary>
    public void Decode()
    {
        _block->Key = Block.KeyOf(CodeAddress, _cpu.CodeSize, single: false);
        _block->Ops = _ops;
        _decoder.Decode(_block, _memory, null, _cpu.CodeSize, 0x2000, BlockDecoder.MaxInstructions);
    }

    /// <summary>Executes the block from a state on.</summary>
    public ChainedOutcome Run(ReadOnlySpan<ulong> registers, uint flags, bool isChained)
    {
        for (var page = 0UL; page < MemorySize; page += 0x1000)
        {
            // The TLB serves all of RAM from now on.
            _cpu.ReadLinear(SegmentIndex.Ds, page, out byte value);
            _cpu.WriteLinear(SegmentIndex.Ds, page, value);
        }
        for (var i = 0; i < 16; i++)
            _cpu.R[i] = registers[i];
        _cpu.SetStatus(flags);
        _cpu.SetOtherFlags(Rflags.Fixed);
        _cpu.HasPending = _cpu.HasPendingExit = false;
        _cpu.Rip = _cpu.R[17] = CodeAddress;
        var status = isChained ? _ops->Run(_ops, _cpu.Registers) : RunSingly();
        var ended = status <= Status.FallThrough ? _cpu.Rip : 0;
        return new ChainedOutcome(status, (int)(_cpu.Registers->Last - _ops), ended, _cpu.GetStatus(), string.Join(' ', Registers()),
            Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(Memory)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cpu.Dispose();
        _memory.Dispose();
        NativeMemory.Free(_block);
        NativeMemory.AlignedFree(_ops);
    }

    private Status RunSingly()
    {
        for (var op = _ops; ; op++)
        {
            var status = op->Execute(_cpu, op);
            if (status == Status.Next)
                continue;
            _cpu.Registers->Last = op;
            return status;
        }
    }

    private IEnumerable<string> Registers() => Enumerable.Range(0, 16).Select(i => $"{_cpu.R[i]:x}");

    private sealed class StoppedCounter : ITimestampCounter
    {
        public ulong Frequency => 1_000_000_000;

        public ulong Now => 0;
    }
}
