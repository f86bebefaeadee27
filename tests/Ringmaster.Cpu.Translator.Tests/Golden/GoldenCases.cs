using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Cpu.Translator.Tests.Golden;

/// <summary>Guest code that shows each way of translating at least once.</summary>
internal static class GoldenCases
{
    public static IReadOnlyList<GoldenCase> All { get; } =
    [
        // Registers.
        User("registers_pass_through", c => { c.add(eax, ebx); c.xor(rdx, rsi); c.imul(r8, r9, 100); c.bswap(r10); }),
        User("registers_that_live_elsewhere", c => { c.add(rcx, rsp); c.mov(r12, r13); c.add(r14, r15); c.xchg(r12d, eax); c.cmovne(r13, r14); }),
        User("high_bytes", c => { c.mov(ah, bl); c.add(ch, dh); c.mov(__byte_ptr[rdi], bh); c.movzx(ecx, ah); c.mov(cl, __byte_ptr[rsi]); }),
        User("high_bytes_that_cannot_be_named", c => { c.mov(__byte_ptr[rsi], ch); c.mov(cl, ah); }),
        User("shifts_by_cl", c => { c.shl(eax, cl); c.sar(__qword_ptr[rdi], cl); c.shld(r12, rdx, cl); }),
        User("lea", c => { c.lea(rax, __[rbx + rsi * 4 + 5]); c.lea(ecx, __[r12 + r13]); c.AddInstruction(Instruction.Create(Code.Lea_r64_m, Register.R14, RipRelative(0x40_1100))); c.lea(dx, __[rax + 7]); }),
        User("wide_products_and_comparisons", c => { c.mul(rcx); c.mulx(r12, r13, __qword_ptr[rdi]); c.@lock.cmpxchg16b(__xmmword_ptr[rdi]); }),

        // Memory operands.
        User("addresses", c =>
        {
            c.mov(eax, __dword_ptr[rdi]);
            c.mov(eax, __dword_ptr[rsi + 0x1000]);
            c.mov(eax, __dword_ptr[rdx + r8 * 8 - 4]);
            c.mov(eax, __dword_ptr[rcx]);
            c.mov(eax, __dword_ptr[r12 + r13 * 2]);
            c.mov(eax, __dword_ptr[r9 * 4 + 0x60_0000]);
            c.mov(eax, __dword_ptr[0x60_0000]);
            c.mov(eax, __dword_ptr[edi + 8]);
        }),
        User("rip_relative", c =>
        {
            c.AddInstruction(Instruction.Create(Code.Mov_r64_rm64, Register.RAX, RipRelative(0x40_3000)));
            c.AddInstruction(Instruction.Create(Code.Add_rm32_imm8, RipRelative(0x40_3008), 1));
        }),
        User("far_absolute", c => { c.mov(rax, __qword_ptr[0xFFFF_8000_1234_5678]); }),
        User("fs_and_gs", c => { c.mov(rax, __qword_ptr.fs[0x28]); c.sub(rax, __qword_ptr.gs[rdi]); c.mov(__qword_ptr.fs[r12 + 8], rax); }),
        User("group_of_one_base", c => { c.mov(rax, __qword_ptr[rdi]); c.add(rax, __qword_ptr[rdi + 8]); c.mov(__qword_ptr[rdi + 16], rax); }),
        User("group_of_a_register_in_memory", c => { c.mov(rax, __qword_ptr[r12]); c.mov(__qword_ptr[r12 + 8], rax); }),
        User("group_ends_with_its_base", c => { c.mov(rax, __qword_ptr[rdi]); c.mov(rbx, __qword_ptr[rdi + 8]); c.mov(rdi, rax); c.mov(rdx, __qword_ptr[rdi]); }),
        User("read_modify_write", c => { c.@lock.xadd(__dword_ptr[rdi], eax); c.inc(__byte_ptr[rsi]); c.xchg(__qword_ptr[rdx], r12); c.not(__word_ptr[rbx]); }),
        User("bit_strings", c => { c.bt(__qword_ptr[rdi + 8], rsi); c.setc(al); c.@lock.bts(__qword_ptr[rdi], r12); c.btr(__qword_ptr[rdi], rcx); }),
        User("bits_in_memory", c => { c.bt(__dword_ptr[rdi], 3); c.setc(al); c.bts(__dword_ptr[rdi], eax); }),
        User("operands_alone", c => { c.mov(rax, __qword_ptr[rdi]); c.mov(rbx, __qword_ptr[rdi + 8]); c.push(rax); }) with { IsUngrouped = true },
        User("scattered_operand", c => { c.mov(rax, __qword_ptr[rdi + rax * 8]); }) with { IsScattered = key => key.Index == 0 },
        User("scattered_operand_with_flags_to_keep", c => { c.cmp(rsi, 5); c.mov(rax, __qword_ptr[rdi + rax * 8]); c.adc(rdx, __qword_ptr[rsi]); }) with { IsScattered = _ => true },
        User("scattered_group", c => { c.cmp(rsi, 5); c.mov(rax, __qword_ptr[rdi]); c.mov(__qword_ptr[rdi + 8], rdx); c.ja(c.F); c.AnonymousLabel(); c.ret(); }) with { IsScattered = _ => true },

        // Flags.
        User("flags_made_again", c => { c.cmp(rax, rbx); c.mov(rcx, __qword_ptr[rdi]); c.cmovb(rdx, rcx); }),
        User("flags_of_an_addition", c => { c.add(eax, 7); c.mov(ecx, __dword_ptr[rdi]); c.adc(edx, 0); }),
        User("flags_of_a_subtraction", c => { c.sub(r12, r13); c.mov(ecx, __dword_ptr[rdi]); c.sbb(edx, 0); }),
        User("flags_of_logic", c => { c.and(al, bl); c.mov(ecx, __dword_ptr[rdi]); c.sete(dl); }),
        User("flags_that_must_be_kept", c => { c.inc(eax); c.mov(ecx, __dword_ptr[rdi]); c.adc(edx, 0); }),
        User("flags_nobody_reads", c => { c.add(eax, 7); c.mov(ecx, __dword_ptr[rdi]); c.add(edx, ecx); }),
        User("flags_across_blocks", c =>
        {
            var again = c.CreateLabel();
            c.Label(ref again);
            c.mov(rax, __qword_ptr[rdi + rsi * 8]);
            c.test(rax, rax);
            c.je(c.F);
            c.mov(rbx, __qword_ptr[rdx]);
            c.jmp(again);
            c.AnonymousLabel();
            c.ret();
        }),
        User("carry_instructions", c => { c.stc(); c.cmc(); c.clc(); c.lahf(); c.sahf(); c.cld(); c.ret(); }),

        // The stack.
        User("stack_group", c => { c.push(rbp); c.mov(rbp, rsp); c.push(rbx); c.sub(rsp, 0x20); c.mov(__qword_ptr[rsp + 8], rdi); c.mov(rax, __qword_ptr[rsp + 8]); c.add(rsp, 0x20); c.pop(rbx); c.leave(); c.ret(); }),
        User("stack_pointer_as_operand", c => { c.push(rsp); c.pop(rsp); c.push(__qword_ptr[rsp + 8]); c.mov(rsp, __qword_ptr[rsp]); }),
        User("pushes", c => { c.push(5); c.push(0x1234_5678); c.push(r12); c.push(rcx); c.push(__qword_ptr[rdi]); c.pop(r15); c.pop(rcx); c.ret(0x10); }),

        // Branches.
        User("loop", c => { c.AnonymousLabel(); c.add(eax, __dword_ptr[rdi]); c.add(rdi, 4); c.dec(ecx); c.jne(c.B); c.ret(); }),
        User("branch_out_of_the_page", c => { c.test(eax, eax); c.je(0x40_3000UL); c.jmp(0x40_0000UL); }),
        User("call", c => { c.call(c.F); c.mov(rdx, rax); c.ret(); c.AnonymousLabel(); c.mov(eax, 1); c.ret(); }),
        User("call_out_of_the_page", c => { c.call(0x41_2000UL); c.movaps(xmm0, xmm1); }),
        User("indirect_branches", c => { c.call(rax); c.call(__qword_ptr[rdi + 8]); c.jmp(__qword_ptr[rax * 8 + 0x60_0000]); }),
        User("indirect_jump_by_register", c => c.jmp(r12)),
        User("jump_back_into_a_block", c => { c.mov(eax, 1); c.AnonymousLabel(); c.sub(rdi, 1); c.jns(c.B); }),

        // Division.
        User("divide", c => { c.xor(edx, edx); c.div(rbx); c.cdq(); c.idiv(__dword_ptr[rdi]); }),
        User("divide_with_flags_to_keep", c => { c.inc(eax); c.idiv(rcx); }),

        // Vectors.
        User("vectors", c => { c.movups(xmm0, __xmmword_ptr[rdi]); c.addps(xmm0, __xmmword_ptr[rsi]); c.movaps(__xmmword_ptr[rdi], xmm0); c.movd(ecx, xmm0); }),
        User("wide_vectors", c => { c.vmovdqu(ymm1, __ymmword_ptr[rdi]); c.vpaddd(ymm1, ymm1, __ymmword_ptr[rsi]); c.vmovdqa(__ymmword_ptr[rdi + 32], ymm1); c.vzeroupper(); }),
        User("vectors_with_flags_to_make_again", c => { c.cmp(rax, rbx); c.paddb(xmm1, __xmmword_ptr[rdi]); c.jb(c.F); c.nop(); c.AnonymousLabel(); c.ret(); }),
        User("vectors_and_general_registers", c => { c.cvtsi2sd(xmm0, rcx); c.pextrq(r12, xmm0, 1); c.pcmpistri(xmm0, xmm1, 0); }),

        // What the interpreter does.
        User("in_place", c => { c.mov(eax, 1); c.cpuid(); c.mov(__dword_ptr[rdi], ebx); c.rep.movsb(); c.fld1(); }),
        User("left_to_the_interpreter", c => { c.mov(eax, 1); c.syscall(); }),
        User("instruction_across_pages", c => { c.mov(rax, 0x1122_3344_5566_7788); }) with { Offset = 0xFFC },
        User("instruction_into_a_known_page", c => { c.cmp(eax, ebx); c.mov(ecx, __dword_ptr[rdi + 0x1122_3344]); c.cmovb(edx, ecx); }) with { Offset = 0xFFA, KnowsFollowing = true },
        User("branch_into_a_known_page", c => { c.inc(eax); c.jne(0x40_1100UL); }) with { Offset = 0xFFC, KnowsFollowing = true },
        User("entry_that_others_may_be_at", c => c.inc(eax)) with { IsShared = true },
        User("entry_with_page_check", c => c.inc(eax)) with { Check = 5 },
        User("entry_with_page_check_and_vectors", c => c.addps(xmm0, xmm1)) with { Check = 5, IsShared = true },
        User("block_to_the_end_of_the_page", c => { c.inc(eax); c.inc(ebx); }) with { Offset = 0xFFC },
        User("nothing_to_do", c => { c.endbr64(); c.nop(__dword_ptr[rax]); c.prefetcht0(__byte_ptr[rdi]); c.pause(); }),
        User("counted", c => { c.mov(eax, __dword_ptr[rdi]); c.cpuid(); c.add(eax, ebx); c.jne(c.F); c.inc(eax); c.AnonymousLabel(); c.ret(); }) with { Counts = true },

        // Kernels.
        Kernel("interrupt_flag", c => { c.cli(); c.mov(rax, __qword_ptr[rdi]); c.sti(); c.mov(__qword_ptr[rdi], rax); }),
        Kernel("interrupt_flag_at_the_end", c => { c.pushfq(); c.pop(rax); c.sti(); }) with { Offset = 0xFFD },
        Kernel("flags_on_the_stack", c => { c.pushfq(); c.pop(rdi); c.popfq(); }),
        Kernel("return_from_interrupt", c => { c.add(rsp, 8); c.iretq(); }),
        Kernel("segment_bases", c => { c.rdgsbase(rax); c.wrfsbase(r12); c.wrgsbase(ecx); c.mov(__word_ptr[rdi], ds); c.mov(ax, es); c.mov(r12w, ss); }),
        Kernel("task_priority", c => { c.mov(rax, cr8); c.mov(cr8, r13); }),
        Kernel("system_registers", c => { c.mov(rax, cr3); c.mov(r12, cr0); c.mov(rcx, cr4); c.mov(rdx, cr2); c.mov(eax, ds); c.mov(rbx, cs); }),
        Kernel("system_registers_that_are_written", c => { c.mov(cr8, rax); c.mov(cr3, rax); }),
        Kernel("time_stamp", c => { c.rdtsc(); c.shl(rdx, 32); c.or(rax, rdx); c.ret(); }),
        User("group_goes_on_behind_a_branch", c => { c.mov(rax, __qword_ptr[rdi]); c.test(rax, rax); c.je(0x40_3000UL); c.add(rax, __qword_ptr[rdi + 8]); c.jmp(0x40_4000UL); }),
        User("loop_that_copies", c =>
        {
            c.AnonymousLabel();
            c.movups(xmm1, __xmmword_ptr[rsi + 0x10]);
            c.movups(xmm2, __xmmword_ptr[rsi]);
            c.add(rsi, -0x20);
            c.movaps(__xmmword_ptr[rcx + 0x10], xmm1);
            c.movaps(__xmmword_ptr[rcx], xmm2);
            c.add(rcx, -0x20);
            c.cmp(rdi, rcx);
            c.jb(c.B);
            c.ret();
        }),
        User("loop_with_an_index", c =>
        {
            c.AnonymousLabel();
            c.movzx(edx, __byte_ptr[rsi + rax]);
            c.add(ebx, edx);
            c.mov(__dword_ptr[rdi + rax * 4 + 8], ebx);
            c.inc(rax);
            c.cmp(rax, r8);
            c.jne(c.B);
            c.ret();
        }),
        User("loop_with_three_streams", c =>
        {
            c.AnonymousLabel();
            c.mov(eax, __dword_ptr[rsi]);
            c.add(rsi, 4);
            c.sub(eax, __dword_ptr[rbx]);
            c.add(rbx, 0x1000);
            c.mov(__dword_ptr[rdi], eax);
            c.add(rdi, 4);
            c.cmp(rdi, rbp);
            c.jne(c.B);
            c.ret();
        }),
        Kernel("return_to_user_code", c => { c.swapgs(); c.sysretq(); }),
        User("system_call", c => { c.mov(eax, 39); c.syscall(); }),
        User("repeated_store", c => { c.cmp(rdx, rsi); c.mov(ecx, 512); c.rep.stosq(); c.jb(0x1000); }),
        User("repeated_move", c => { c.rep.movsb(); c.ret(); }),
        Kernel("kernel_gs", c => { c.swapgs(); c.mov(__qword_ptr.gs[0x6014], rsp); c.mov(rsp, __qword_ptr.gs[0x600c]); c.jmp(0xFFFF_FFFF_8140_0000UL); }),
        Kernel("return_address_of_a_kernel", c => { c.call(0xFFFF_FFFF_8120_0000UL); }),
        Kernel("port", c => { c.mov(dx, 0x3F8); c.@in(al, dx); }),

        // 32-bit code.
        Flat("flat_addresses", c =>
        {
            c.mov(eax, __dword_ptr[edi]);
            c.mov(eax, __dword_ptr[esp + 4]);
            c.add(__dword_ptr[ebx + ecx * 4 + 0x1_0000], eax);
            c.mov(eax, __dword_ptr[0xC030_0000]);
            c.mov(dl, __byte_ptr[bx + si]);
            c.mov(eax, __dword_ptr.fs[0]);
        }),
        Flat("flat_stack", c => { c.push(ebp); c.mov(ebp, esp); c.push(5); c.push(__dword_ptr[ebp + 8]); c.call(c.F); c.AnonymousLabel(); c.leave(); c.ret(8); }),
        Flat("flat_short_forms", c => { c.inc(ecx); c.dec(esp); c.db(0xA1, 0, 0, 0x10, 0); c.lea(eax, __[ebx + esi * 2]); c.jmp(__dword_ptr[eax * 4 + 0xC020_0000]); }),
        Flat("flat_loop", c => { c.AnonymousLabel(); c.lodsb(); c.test(al, al); c.jne(c.B); }),
    ];

    private static GoldenCase User(string name, Action<Assembler> code) => new(name, GuestKind.User64, code);

    private static GoldenCase Kernel(string name, Action<Assembler> code) => new(name, GuestKind.Kernel64, code);

    private static GoldenCase Flat(string name, Action<Assembler> code) => new(name, GuestKind.Flat32, code);

    /// <summary>An operand relative to RIP.</summary>
    private static MemoryOperand RipRelative(long linear) => new(Register.RIP, linear);
}
