using System.Runtime.InteropServices;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Instructions;
using Ringmaster.Cpu.Models;
using Ringmaster.Cpu.State;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Interpreter.Tests.HarnessX87;

/// <summary>Executes one instruction in the interpreter: real decoder, real handlers, 64-bit flat state.</summary>
internal sealed unsafe class InterpretedFloat : IDisposable
{
    public const ulong CodeAddress = 0x1000, MemoryAddress = 0x4000;

    private static readonly HandlerTable s_handlers = HandlerTable.Create();

    private readonly GuestMemory _memory = GuestMemory.Create([new RamRange(new(0), 0x10000)]);
    private readonly BlockDecoder _decoder;
    private readonly Block* _block = (Block*)NativeMemory.AllocZeroed((nuint)sizeof(Block));
    private readonly Op* _ops = (Op*)NativeMemory.AlignedAlloc((nuint)(sizeof(Op) * BlockDecoder.MaxOps), 64);

    public InterpretedFloat(CpuidTable? cpuid = null)
    {
        cpuid ??= HostCpuid.Read();
        Cpu = new Vcpu(new VcpuIndex(0), _memory, new VcpuSetup(cpuid, new NoTimestamp()), s_handlers);
        _decoder = new BlockDecoder(s_handlers, cpuid);
        var state = CpuState.PowerUp(0);
        state.Cr0 = 0x8000_0031 & ~0x8000_0000UL;
        state.Cr4 = Cr4Bits.OsFxsr | Cr4Bits.OsXsave | Cr4Bits.PhysicalAddressExtension;
        state.Xcr0 = 7;
        state.Msr.Efer = EferBits.LongModeEnable | EferBits.LongModeActive;
        state.Cs = new Segment(0x33, 0, uint.MaxValue, new SegmentAttributes(0xA09B));
        state.Ss = state.Ds = state.Es = new Segment(0, 0, uint.MaxValue, new SegmentAttributes(0xC093));
        Cpu.Import(state);
    }

    public Vcpu Cpu { get; }

    /// <summary>Guest RAM from an address on.</summary>
    public Span<byte> Memory(ulong address, int length) => _memory.Window(new GuestPhysicalAddress(address), length);

    /// <summary>Decodes the instruction that later runs execute.</summary>
    public void Prepare(ReadOnlySpan<byte> instruction)
    {
        var code = Memory(CodeAddress, 32);
        code.Clear();
        instruction.CopyTo(code);
        code[instruction.Length] = 0xF4;
        _block->Key = Block.KeyOf(CodeAddress, Cpu.CodeSize, single: false);
        _block->Ops = _ops;
        _decoder.Decode(_block, _memory, null, Cpu.CodeSize, 0x2000, BlockDecoder.MaxInstructions);
    }

    /// <summary>Executes the prepared instruction, guards included.</summary>
    public Status Execute()
    {
        Cpu.HasPending = false;
        Cpu.R[17] = CodeAddress;
        for (var op = _ops; op->Offset == 0; op++)
        {
            var status = op->Execute(Cpu, op);
            if (status != Status.Next)
                return status;
        }
        return Status.Next;
    }

    /// <summary>Loads a case, executes the prepared instruction, and stores what has become of it.</summary>
    public FloatCase Run(FloatCase input, out Status status)
    {
        Load(ref input);
        status = Execute();
        return Store(input);
    }

    public void Load(ref FloatCase input)
    {
        ref var fpu = ref Cpu.Fpu;
        (fpu.ControlWord, fpu.StatusWord, fpu.TagWord, fpu.LastOpcode) = (input.ControlWord, input.StatusWord, input.TagWord, input.LastOpcode);
        (fpu.LastInstruction, fpu.LastData, fpu.Mxcsr) = (input.LastInstruction, input.LastData, input.Mxcsr);
        fpu.LastInstructionSelector = fpu.LastDataSelector = 0;
        var top = input.StatusWord >> 11 & 7;
        for (var i = 0; i < 8; i++)
            fpu.Registers[(top + i) & 7] = new FloatRegister(input.St(i)[0], (ushort)input.St(i)[1]);
        for (var i = 0; i < 16; i++)
            (fpu.Vectors[i][0], fpu.Vectors[i][1]) = (input.Xmm(i)[0], input.Xmm(i)[1]);
        (Cpu.R[0], Cpu.R[1], Cpu.R[2]) = (input.Rax, input.Rcx, input.Rdx);
        Cpu.R[6] = Cpu.R[7] = MemoryAddress;
        Cpu.SetStatus((uint)input.Flags);
        input.Bytes.CopyTo(Memory(MemoryAddress, FloatCase.MemorySize));
    }

    private FloatCase Store(FloatCase output)
    {
        ref var fpu = ref Cpu.Fpu;
        (output.ControlWord, output.StatusWord, output.TagWord, output.LastOpcode) =
            (fpu.ControlWord, fpu.StatusWord, fpu.TagWord, fpu.LastOpcode);
        (output.LastInstruction, output.LastData, output.Mxcsr) = (fpu.LastInstruction, fpu.LastData, fpu.Mxcsr);
        var top = fpu.StatusWord >> 11 & 7;
        for (var i = 0; i < 8; i++)
        {
            var register = fpu.Registers[(top + i) & 7];
            (output.St(i)[0], output.St(i)[1]) = (register.Significand, register.SignExponent);
        }
        for (var i = 0; i < 16; i++)
            (output.Xmm(i)[0], output.Xmm(i)[1]) = (fpu.Vectors[i][0], fpu.Vectors[i][1]);
        (output.Rax, output.Rcx, output.Rdx) = (Cpu.R[0], Cpu.R[1], Cpu.R[2]);
        output.Flags = Cpu.GetStatus();
        Memory(MemoryAddress, FloatCase.MemorySize).CopyTo(output.Bytes);
        return output;
    }

    public void Dispose()
    {
        Cpu.Dispose();
        _memory.Dispose();
        NativeMemory.Free(_block);
        NativeMemory.AlignedFree(_ops);
    }

    private sealed class NoTimestamp : ITimestampCounter
    {
        public ulong Now => 0;

        public ulong Frequency => 1_000_000_000;
    }
}
