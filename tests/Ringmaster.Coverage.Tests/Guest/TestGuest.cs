using Iced.Intel;
using Ringmaster.Coverage.Tests.Instructions;
using Ringmaster.Cpu;
using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Instructions;
using Ringmaster.Cpu.State;
using Ringmaster.Memory;

namespace Ringmaster.Coverage.Tests.Guest;

/// <summary>
/// A vCPU of one model with a megabyte of memory. It executes one instruction at a time through the interpreter's loop, at
/// privilege level 0, with every feature enabled; HLT behind the instruction, at every branch target and in every handler ends
/// the run.
/// </summary>
internal sealed unsafe class TestGuest : IDisposable
{
    private const int MostExits = 16;
    private static readonly HandlerTable s_handlers = HandlerTable.Create();
    private readonly GuestMemory _memory = GuestMemory.Create([new RamRange(new(0), GuestLayout.MemorySize)]);
    private readonly OfferedModel _model;
    private readonly Vcpu _cpu;
    private readonly BlockDecoder _decoder;
    private readonly Op[] _ops = new Op[BlockDecoder.MaxOps];
    private readonly CpuState _after = new();

    public TestGuest(OfferedModel model)
    {
        _model = model;
        _cpu = new Vcpu(new VcpuIndex(0), _memory, new VcpuSetup(model.Cpuid, new StoppedCounter()), s_handlers);
        _decoder = new BlockDecoder(s_handlers, model.Cpuid);
    }

    /// <summary>Instructions that the decoder knew and the engine lacked.</summary>
    public IReadOnlyCollection<Code> Missing => _cpu.MissingInstructions;

    /// <summary>Whether the engine has a handler.</summary>
    public static bool HasHandler(InstructionForm form) => s_handlers.Find(form.Code, form.IsMemory) != null;

    /// <summary>Executes an instruction.</summary>
    /// <param name="code">Its bytes.</param>
    /// <param name="form">What it is; decides what registers and memory hold.</param>
    public ExecutionOutcome Execute(ReadOnlySpan<byte> code, InstructionForm form)
    {
        var state = InitialState.Of(form.Bits, _model);
        GuestImage.Fill(_memory, form.Bits);
        Preparation.Apply(form, state, _memory);
        Write(GuestLayout.Code + GuestLayout.StartOffset, code);
        return Run(state, form.Bits, Decode(code.Length, form.Bits));
    }

    public void Dispose()
    {
        _cpu.Dispose();
        _memory.Dispose();
    }

    private Code Decode(int length, int bits)
    {
        fixed (Op* ops = _ops)
        {
            var codeSize = bits switch { 16 => 0, 32 => 1, _ => 2 };
            var block = new Block { Key = Block.KeyOf(GuestLayout.Code + GuestLayout.StartOffset, codeSize, single: false), Ops = ops };
            _decoder.Decode(&block, _memory, null, codeSize, (ulong)length, BlockDecoder.MaxInstructions);
            // Guards go before the instruction and carry no code.
            for (var i = 0; i < block.Count && ops[i].Offset == 0; i++)
            {
                if (ops[i].Code != 0 && ops[i].NextOffset == length)
                    return (Code)ops[i].Code;
            }
            return Code.INVALID;
        }
    }

    private ExecutionOutcome Run(CpuState state, int bits, Code decoded)
    {
        _cpu.Import(state);
        var answer = ExitAnswer.Done;
        for (var exits = 0; exits < MostExits; exits++)
        {
            var exit = _cpu.Run(answer);
            switch (exit.Kind)
            {
                case VmExitKind.Halt or VmExitKind.Wait:
                    _cpu.Export(_after);
                    return new(decoded, Vector(bits), null);
                case VmExitKind.Shutdown:
                    return new(decoded, null, "triple fault");
                default:
                    answer = ExitAnswer.Value(0);
                    break;
            }
        }
        _cpu.Kick();
        return new(decoded, null, "it asks for ever more");
    }

    private byte? Vector(int bits)
    {
        var at = _after.Cs.Base + _after.Rip - 1 - GuestLayout.Handlers;
        if (at >= 256 * 16)
            return null;
        var vector = (byte)(at / 16);
        // The HLT behind an instruction that has left privilege level 0 is refused: that is a good end, too.
        return vector == 13 && InterruptedRip(bits) != GuestLayout.StartOf(bits) ? null : vector;
    }

    // Behind the error code.
    private ulong InterruptedRip(int bits)
    {
        var pointer = _after.Registers[4];
        if (!_after.Cs.Attributes.IsLong && !_after.Ss.Attributes.IsBig)
            pointer = (ushort)pointer;
        var slot = new GuestPhysicalAddress(_after.Ss.Base + pointer + (bits == 64 ? 8u : 4u));
        Assert.True(_memory.TryRead(slot, out ulong rip));
        return bits == 64 ? rip : (uint)rip;
    }

    private void Write(uint address, ReadOnlySpan<byte> bytes) => Assert.True(_memory.TryWrite(new GuestPhysicalAddress(address), bytes));

    private sealed class StoppedCounter : ITimestampCounter
    {
        public ulong Frequency => 1_000_000_000;

        public ulong Now => 0;
    }
}
