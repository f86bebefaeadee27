using System.Runtime.InteropServices;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Tests.Native;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Cpu.Interpreter.Tests.HarnessX87;

/// <summary>Executes one instruction on the host with a given x87, SSE and general register state.</summary>
internal sealed unsafe class NativeFloat : IDisposable
{
    private const int Output = 0x600;

    private readonly NativeCode _code;
    private readonly ulong _offset;
    private readonly byte* _block = (byte*)NativeMemory.AlignedAlloc(0x1000, 64);

    public NativeFloat(byte[] instruction)
    {
        var assembler = new Assembler(64);
        assembler.push(rbx);
        assembler.push(rbp);
        assembler.mov(rbx, rdi);
        assembler.fxrstor64(__[rbx]);
        assembler.mov(rax, __qword_ptr[rbx + FloatCase.RegistersOffset]);
        assembler.mov(rcx, __qword_ptr[rbx + FloatCase.RegistersOffset + 8]);
        assembler.mov(rdx, __qword_ptr[rbx + FloatCase.RegistersOffset + 16]);
        assembler.lea(rsi, __[rbx + FloatCase.MemoryOffset]);
        assembler.mov(rdi, rsi);
        assembler.push(__qword_ptr[rbx + FloatCase.RegistersOffset + 24]);
        assembler.popfq();
        var at = assembler.CreateLabel();
        assembler.Label(ref at);
        assembler.db(instruction);
        assembler.mov(__qword_ptr[rbx + Output + FloatCase.RegistersOffset], rax);
        assembler.mov(__qword_ptr[rbx + Output + FloatCase.RegistersOffset + 8], rcx);
        assembler.mov(__qword_ptr[rbx + Output + FloatCase.RegistersOffset + 16], rdx);
        assembler.pushfq();
        assembler.pop(__qword_ptr[rbx + Output + FloatCase.RegistersOffset + 24]);
        // FXSAVE loses the instruction pointers while no exception is pending, so FNSTENV comes first; it masks all exceptions.
        assembler.fnstenv(__[rbx + Output + FloatCase.EnvironmentOffset]);
        assembler.fldcw(__word_ptr[rbx + Output + FloatCase.EnvironmentOffset]);
        assembler.fxsave64(__[rbx + Output]);
        assembler.fninit();
        assembler.ldmxcsr(__dword_ptr[rbx + 2 * Output]);
        assembler.pop(rbp);
        assembler.pop(rbx);
        assembler.ret();
        var stream = new MemoryStream();
        var result = assembler.Assemble(new StreamCodeWriter(stream), 0, BlockEncoderOptions.ReturnNewInstructionOffsets);
        _offset = result.GetLabelRIP(at);
        _code = new NativeCode(stream.ToArray());
    }

    /// <summary>Address of the instruction.</summary>
    public ulong InstructionAddress => _code.Address + _offset;

    /// <summary>Address of the operand memory.</summary>
    public ulong MemoryAddress => (ulong)_block + FloatCase.MemoryOffset;

    public FloatCase Run(in FloatCase input)
    {
        // A context switch loses the instruction pointers: the kernel's XSAVE leaves them out while no exception is pending,
        // and the selectors always. Two runs that agree had none.
        var output = RunOnce(input);
        for (var i = 0; i < 8; i++)
        {
            var again = RunOnce(input);
            // The whole outcome counts: an image in memory may hold the pointers too.
            if (MemoryMarshal.AsBytes(new ReadOnlySpan<FloatCase>(in again)).SequenceEqual(MemoryMarshal.AsBytes(new ReadOnlySpan<FloatCase>(in output))))
                break;
            output = again;
        }
        return output;
    }

    private FloatCase RunOnce(in FloatCase input)
    {
        *(FloatCase*)_block = input;
        *(FloatCase*)(_block + Output) = input;
        *(uint*)(_block + 2 * Output) = 0x1F80;
        _code.Call(_block);
        var output = *(FloatCase*)(_block + Output);
        new Span<byte>(_block + FloatCase.MemoryOffset, FloatCase.MemorySize).CopyTo(output.Bytes);
        return output;
    }

    public void Dispose()
    {
        _code.Dispose();
        NativeMemory.AlignedFree(_block);
    }
}
