using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Bench.Micro;

/// <summary>The programs: each leans on one thing that guests do a lot.</summary>
internal static class Loops
{
    private const int CopyLength = 4096;

    public static IReadOnlyList<Loop> All { get; } =
    [
        new("alu", 0, Nothing, Alu),
        new("memory", 0, Nothing, Memory),
        new("branches", 0, Nothing, Branches),
        new("calls", 0, Nothing, Calls),
        new("string copy", CopyLength, Nothing, StringCopy),
        new("sse", 0, PrepareSse, Sse),
    ];

    private static void Nothing(Assembler a)
    {
    }

    private static void Alu(Assembler a)
    {
        a.mov(eax, ebx);
        a.add(rax, rcx);
        a.lea(rdx, __[rax + rcx * 4 + 8]);
        a.xor(rbx, rdx);
        a.shl(rcx, 3);
        a.sub(rcx, rax);
        a.imul(rax, rbx, 77);
        a.rol(edx, 5);
        a.and(edx, 0x7FFF_FFFF);
        a.adc(rbx, 1);
        a.movzx(r8d, dl);
        a.or(r8, rax);
    }

    private static void Memory(Assembler a)
    {
        a.mov(edx, r15d);
        a.and(edx, 0x1FFF);
        a.mov(rax, __[rsi + rdx * 8]);
        a.add(rax, r15);
        a.mov(__[rdi + rdx * 8], rax);
        a.movzx(ecx, __byte_ptr[rsi + rdx]);
        a.add(__dword_ptr[rdi + rdx], ecx);
        a.mov(__word_ptr[rdi + rdx * 2], ax);
        a.cmp(rax, __[rsi + rdx * 8 + 8]);
        a.mov(__[rsi + rdx * 8 + 8], rax);
    }

    // A linear congruential generator decides, so that no pattern helps.
    private static void Branches(Assembler a)
    {
        Label odd = a.CreateLabel(), join = a.CreateLabel(), skip = a.CreateLabel();
        a.imul(eax, eax, 1_103_515_245);
        a.add(eax, 12_345);
        a.test(eax, 0x1_0000);
        a.jnz(odd);
        a.inc(ebx);
        a.jmp(join);
        a.Label(ref odd);
        a.dec(ebx);
        a.Label(ref join);
        a.test(eax, 0x2_0000);
        a.jz(skip);
        a.inc(ecx);
        a.Label(ref skip);
        a.cmp(ecx, ebx);
        a.setg(dl);
    }

    private static void Calls(Assembler a)
    {
        Label function = a.CreateLabel(), over = a.CreateLabel();
        a.call(function);
        a.jmp(over);
        a.Label(ref function);
        a.push(rbx);
        a.push(rbp);
        a.mov(rbp, rsp);
        a.lea(rbx, __[rbx + rbp]);
        a.pop(rbp);
        a.pop(rbx);
        a.ret();
        a.Label(ref over);
        a.nop();
    }

    private static void StringCopy(Assembler a)
    {
        a.mov(rax, rsi);
        a.mov(rbx, rdi);
        a.mov(ecx, CopyLength);
        a.rep.movsb();
        a.mov(rsi, rax);
        a.mov(rdi, rbx);
    }

    private static void PrepareSse(Assembler a)
    {
        a.mov(eax, 0x3F80_0001);
        a.movd(xmm0, eax);
        a.shufps(xmm0, xmm0, 0);
        a.movaps(xmm1, xmm0);
    }

    private static void Sse(Assembler a)
    {
        a.movaps(xmm2, xmm0);
        a.mulps(xmm2, xmm1);
        a.addps(xmm2, xmm1);
        a.movdqa(__[rdi], xmm2);
        a.paddd(xmm3, __[rsi]);
        a.pxor(xmm3, xmm2);
        a.pshufd(xmm4, xmm3, 0x1B);
        a.movdqu(xmm5, __[rsi + 17]);
        a.mulsd(xmm6, xmm6);
        a.cvtsi2sd(xmm6, r15);
    }
}
