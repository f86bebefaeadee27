using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Tests.Native;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Cpu.Interpreter.Tests.HarnessSimd;

/// <summary>One instruction, carried out by the host on a <see cref="VectorState"/>.</summary>
internal sealed unsafe class NativeInstruction : IDisposable
{
    private const int General = 512, Mmx = 640, Flags = 704, Mxcsr = 712, Environment = 720;
    private static readonly AssemblerRegister64[] s_general = [rax, rcx, rdx, rbx, rsi, rdi, r8, r9, r10, r11, r12, r13];
    private static readonly AssemblerRegister64[] s_saved = [rbx, rbp, r12, r13, r14, r15];
    private readonly NativeCode _code;

    public NativeInstruction(byte[] instruction, bool usesMmx)
    {
        var a = new Assembler(64);
        foreach (var register in s_saved)
            a.push(register);
        a.sub(rsp, 16);
        a.mov(r15, rdi);
        a.fninit();
        if (usesMmx)
        {
            for (var i = 0; i < 8; i++)
                a.movq(new AssemblerRegisterMM(Register.MM0 + i), __qword_ptr[r15 + Mmx + 8 * i]);
            // A top of stack other than zero shows whether the instruction resets it.
            a.emms();
            a.fincstp();
        }
        for (var i = 0; i < 16; i++)
            a.vmovdqu(new AssemblerRegisterYMM(Register.YMM0 + i), __ymmword_ptr[r15 + 32 * i]);
        a.ldmxcsr(__dword_ptr[r15 + Mxcsr]);
        a.push(__qword_ptr[r15 + Flags]);
        a.popfq();
        foreach (var register in s_general)
            a.mov(register, __qword_ptr[r15 + General + 8 * ((Register)register).GetNumber()]);
        a.db(instruction);
        foreach (var register in s_general)
            a.mov(__qword_ptr[r15 + General + 8 * ((Register)register).GetNumber()], register);
        a.pushfq();
        a.pop(__qword_ptr[r15 + Flags]);
        a.stmxcsr(__dword_ptr[r15 + Mxcsr]);
        for (var i = 0; i < 16; i++)
            a.vmovdqu(__ymmword_ptr[r15 + 32 * i], new AssemblerRegisterYMM(Register.YMM0 + i));
        a.vzeroupper();
        a.fnstenv(__[r15 + Environment]);
        if (usesMmx)
        {
            for (var i = 0; i < 8; i++)
                a.movq(__qword_ptr[r15 + Mmx + 8 * i], new AssemblerRegisterMM(Register.MM0 + i));
        }
        a.fninit();
        a.mov(__dword_ptr[rsp], 0x1F80);
        a.ldmxcsr(__dword_ptr[rsp]);
        a.cld();
        a.add(rsp, 16);
        foreach (var register in s_saved.Reverse())
            a.pop(register);
        a.ret();
        using var stream = new MemoryStream();
        a.Assemble(new StreamCodeWriter(stream), 0);
        _code = new NativeCode(stream.ToArray());
    }

    public void Execute(VectorState* state) => _code.Call(state, null);

    public void Dispose() => _code.Dispose();
}
