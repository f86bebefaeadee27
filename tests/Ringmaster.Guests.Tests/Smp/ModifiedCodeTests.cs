using Ringmaster.Machine.Configuration;

namespace Ringmaster.Guests.Tests.Smp;

/// <summary>Code that one processor writes and others execute (SDM 3A 9.1.3).</summary>
public abstract class ModifiedCodeTests(EngineChoice engine)
{
    private readonly SmpGuest _guests = new(engine);

    /// <summary>One processor writes, tells the others, and they execute a serializing instruction: now all see the new code.</summary>
    [Theory]
    [InlineData("beside")]
    [InlineData("apart")]
    [InlineData("across")]
    public void Code_that_another_processor_has_written_is_executed_after_a_serializing_instruction(string place) => _guests.Run($"""
        test:
            mov r12d, edi
            xor r13d, r13d
        1:  inc r13d
            # Everyone writes in turn.
            mov eax, r13d
            xor edx, edx
            mov ecx, CPUS
            div ecx
            cmp edx, r12d
            jne 2f
            mov [{place} + 1], r13d
        2:  call barrier
            xor eax, eax
            cpuid
            call {place}
            cmp eax, r13d
            je 3f
            lock inc dword ptr [wrong]
        3:  call barrier
            cmp r13d, ROUNDS
            jne 1b
            ret
        {Routines}
        """, cpus: 3, rounds: 2_000);

    /// <summary>Nobody waits for anybody: what is executed is one of the numbers written, none comes back, and the last arrives.</summary>
    [Theory]
    [InlineData("beside")]
    [InlineData("apart")]
    public void Code_written_while_others_execute_it_is_old_or_new_and_new_in_the_end(string place) => _guests.Run($"""
        test:
            xor r13d, r13d
            test edi, edi
            jnz 2f
        1:  inc r13d
            mov [{place} + 1], r13d
            cmp r13d, ROUNDS
            jne 1b
            ret
        2:  call {place}
            cmp eax, r13d
            jae 3f
            lock inc dword ptr [wrong]
        3:  mov r13d, eax
            cmp eax, ROUNDS
            jne 2b
            ret
        {Routines}
        """, cpus: 3, rounds: 10_000);

    /// <summary>All write code of their own on one page and execute it, each a page that the others just gave up.</summary>
    [Fact]
    public void Processors_that_modify_their_own_code_on_one_page_do_not_disturb_each_other() => _guests.Run($"""
        test:
            mov r12d, edi
            shl r12d, 4
            add r12d, offset apart
            xor r13d, r13d
        1:  inc r13d
            mov [r12 + 1], r13d
            call r12
            cmp eax, r13d
            je 2f
            lock inc dword ptr [wrong]
        2:  cmp r13d, ROUNDS
            jne 1b
            ret
        {Routines}
        """, cpus: 4, rounds: 3_000);

    /// <summary>An instruction that is being written becomes another one by a store to its first byte, as kernels patch theirs.</summary>
    [Fact]
    public void A_call_that_is_switched_on_and_off_goes_to_one_of_both_ways() => _guests.Run($"""
        test:
            mov r12d, ROUNDS
            test edi, edi
            jnz 2f
            # JMP rel8 over what follows, or a test of EAX with a byte.
        1:  mov byte ptr [switch], 0xa8
            mov byte ptr [switch], 0xeb
            dec r12d
            jnz 1b
            mov byte ptr [switch], 0xa8
            mov dword ptr [over], 1
            ret
        2:  mov r12d, [over]
            xor ecx, ecx
            call switch
            cmp ecx, 1
            je 3f
            cmp ecx, 2
            je 3f
            lock inc dword ptr [wrong]
        3:  test r12d, r12d
            jz 2b
            cpuid
            xor ecx, ecx
            call switch
            cmp ecx, 1
            je 4f
            lock inc dword ptr [wrong]
        4:  ret
        .p2align 4
        switch:
            .byte 0xeb, 6
            mov ecx, 1
            ret
            mov ecx, 2
            ret
        {Routines}
        .bss
        over: .skip 64
        """, cpus: 3, rounds: 5_000);

    /// <summary>Routines that return a number, which is the four bytes after their first: on a page that all execute, on one apart, on two.</summary>
    private const string Routines = """
        verify:
            mov al, [wrong]
            ret
        .p2align 4
        .skip 3
        # The number is aligned: stores to it are never seen in part.
        beside:
            .byte 0xb8
            .long 0
            ret
        .balign 4096
        .skip 3
        apart:
            .rept 4
            .byte 0xb8
            .long 0
            ret
            .skip 10
            .endr
        .balign 4096
        .skip 4096 - 3
        across:
            .byte 0xb8
            .long 0
            ret
        .bss
        .align 64
        wrong: .skip 64
        """;
}
