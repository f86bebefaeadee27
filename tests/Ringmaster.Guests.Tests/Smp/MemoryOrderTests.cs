using Ringmaster.Machine.Configuration;

namespace Ringmaster.Guests.Tests.Smp;

/// <summary>
/// The order of loads and stores between processors (SDM 3A 8.2.3): numbers that only grow tell which store a load has seen.
/// </summary>
public abstract class MemoryOrderTests(EngineChoice engine)
{
    private readonly SmpGuest _guests = new(engine);

    /// <summary>Stores are seen in their order, and loads are made in theirs (8.2.3.2).</summary>
    [Fact]
    public void A_message_is_there_when_its_flag_is() => _guests.Run("""
        test:
            mov ecx, ROUNDS
            test edi, edi
            jnz reader
            xor eax, eax
        1:  inc eax
            mov [message], eax
            mov [flag], eax
            dec ecx
            jnz 1b
            ret
        reader:
            mov eax, [flag]
            mov edx, [message]
            cmp edx, eax
            jae 2f
            lock inc dword ptr [wrong]
        2:  cmp eax, ROUNDS
            jne reader
            ret
        verify:
            mov al, [wrong]
            ret
        .bss
        .align 64
        message: .skip 64
        flag: .skip 64
        wrong: .skip 64
        """, cpus: 2, rounds: 2_000_000);

    /// <summary>A load is not made after a store that follows it (8.2.3.3): of two loads before two stores one sees nothing.</summary>
    [Fact]
    public void A_load_does_not_see_what_follows_from_its_own_store() => _guests.Run($"""
        test:
            mov r12d, edi
            xor r13d, r13d
        1:  inc r13d
            call meet
            mov ecx, r12d
            shl ecx, 6
            mov edx, ecx
            xor edx, 64
            mov eax, [places + rdx]
            mov [places + rcx], r13d
            mov [seen + rcx], eax
            call meet
            test r12d, r12d
            jnz 2f
            cmp [seen], r13d
            jne 2f
            cmp [seen + 64], r13d
            jne 2f
            inc dword ptr [wrong]
        2:  cmp r13d, ROUNDS
            jne 1b
            ret
        {Meeting}
        """, cpus: 2, rounds: 20_000);

    /// <summary>A load may overtake a store to another place (8.2.3.4), unless something between them keeps it from that (8.2.5, 8.3).</summary>
    [Theory]
    [InlineData("mfence")]
    [InlineData("lock add dword ptr [rsp - 64], 0")]
    [InlineData("xchg [other + rcx], eax")]
    [InlineData("lock cmpxchg [other + rcx], r13d")]
    [InlineData("xor eax, eax; mov ebx, ecx; cpuid; mov ecx, ebp")]
    [InlineData("mov rax, cr3; mov cr3, rax")]
    [InlineData("mov eax, ss; mov rdx, rsp; push rax; push rdx; pushf; mov eax, cs; push rax; push offset 9f; iretq; 9:")]
    public void A_fence_lets_no_load_overtake_a_store(string fence) => _guests.Run($"""
        test:
            mov r12d, edi
            xor r13d, r13d
        1:  inc r13d
            call meet
            mov ecx, r12d
            shl ecx, 6
            mov ebp, ecx
            mov [places + rcx], r13d
            {fence}
            mov edx, ebp
            xor edx, 64
            mov eax, [places + rdx]
            mov [seen + rbp], eax
            call meet
            test r12d, r12d
            jnz 2f
            cmp [seen], r13d
            je 2f
            cmp [seen + 64], r13d
            je 2f
            inc dword ptr [wrong]
        2:  cmp r13d, ROUNDS
            jne 1b
            ret
        {Meeting}
        """, cpus: 2, rounds: 20_000);

    /// <summary>One place has one history, and each processor sees its own stores at once (8.2.3.5).</summary>
    [Fact]
    public void A_place_is_never_seen_to_go_back() => _guests.Run("""
        test:
            mov ecx, ROUNDS
            test edi, edi
            jnz reader
            xor eax, eax
        1:  inc eax
            mov [place], eax
            cmp [place], eax
            je 2f
            lock inc dword ptr [wrong]
        2:  dec ecx
            jnz 1b
            ret
        reader:
            mov eax, [place]
            mov edx, [place]
            cmp edx, eax
            jae 2f
            lock inc dword ptr [wrong]
        2:  cmp edx, ROUNDS
            jne reader
            ret
        verify:
            mov al, [wrong]
            ret
        .bss
        .align 64
        place: .skip 64
        wrong: .skip 64
        """, cpus: 3, rounds: 1_000_000);

    /// <summary>What one processor has seen and told of, the one that hears of it sees, too (8.2.3.6).</summary>
    [Fact]
    public void Stores_are_seen_in_the_order_of_cause_and_effect() => _guests.Run("""
        test:
            cmp edi, 1
            ja last
            je middle
            xor eax, eax
        1:  inc eax
            mov [first], eax
            cmp eax, ROUNDS
            jne 1b
            ret
        middle:
            mov eax, [first]
            mov [second], eax
            cmp eax, ROUNDS
            jne middle
            ret
        last:
            mov eax, [second]
            mov edx, [first]
            cmp edx, eax
            jae 2f
            lock inc dword ptr [wrong]
        2:  cmp eax, ROUNDS
            jne last
            ret
        verify:
            mov al, [wrong]
            ret
        .bss
        .align 64
        first: .skip 64
        second: .skip 64
        wrong: .skip 64
        """, cpus: 3, rounds: 1_000_000);

    /// <summary>
    /// Two stores by two processors have one order for all others (8.2.3.7). Each reader notes pairs of what it saw first and
    /// then. Of the second reader's pairs, the last that began before the first reader's is the one that could contradict it.
    /// </summary>
    [Fact]
    public void Two_readers_agree_on_the_order_of_two_writers() => _guests.Run("""
        .set PAIRS, 200000
        test:
            cmp edi, 1
            ja reader
            shl edi, 6
        1:  inc dword ptr [places + rdi]
            cmp dword ptr [done], 2
            jne 1b
            ret
        reader:
            # The first reader loads the first place first, the second the second.
            lea ecx, [rdi - 2]
            imul ebx, ecx, PAIRS * 8
            shl ecx, 6
            mov edx, ecx
            xor edx, 64
            xor esi, esi
        2:  mov eax, [places + rcx]
            mov ebp, [places + rdx]
            mov [pairs + rbx + rsi * 8], eax
            mov [pairs + rbx + rsi * 8 + 4], ebp
            inc esi
            cmp esi, PAIRS
            jne 2b
            lock inc dword ptr [done]
            ret
        verify:
            xor esi, esi
            xor edi, edi
            xor eax, eax
        3:  mov ecx, [pairs + rsi * 8]
            mov edx, [pairs + rsi * 8 + 4]
        4:  cmp edi, PAIRS
            je 5f
            cmp [pairs + PAIRS * 8 + rdi * 8 + 4], ecx
            jae 5f
            inc edi
            jmp 4b
        5:  test edi, edi
            jz 6f
            cmp [pairs + PAIRS * 8 + rdi * 8 - 8], edx
            jbe 6f
            mov al, 1
        6:  inc esi
            cmp esi, PAIRS
            jne 3b
            ret
        .bss
        .align 64
        places: .skip 128
        done: .skip 64
        pairs: .skip 2 * PAIRS * 8
        """, cpus: 4, rounds: 1);

    /// <summary>
    /// Locked instructions have one order (8.2.3.8), and no load goes past one (8.2.3.9): Dekker's way of excluding each other works
    /// with exchanges.
    /// </summary>
    [Fact]
    public void Exchanges_order_what_is_around_them() => _guests.Run("""
        test:
            mov r12d, edi
            shl r12d, 6
            mov r13d, r12d
            xor r13d, 64
            mov ecx, ROUNDS
        1:  mov eax, 1
            xchg [wants + r12], eax
        2:  cmp dword ptr [wants + r13], 0
            je 4f
            cmp [turn], r12d
            je 2b
            mov dword ptr [wants + r12], 0
        3:  pause
            cmp [turn], r12d
            jne 3b
            jmp 1b
        4:  inc dword ptr [count]
            mov [turn], r13d
            mov dword ptr [wants + r12], 0
            dec ecx
            jnz 1b
            # The other must not wait for a turn that never comes.
            mov [turn], r13d
            ret
        verify:
            cmp dword ptr [count], 2 * ROUNDS
            setne al
            ret
        .bss
        .align 64
        wants: .skip 128
        turn: .skip 64
        count: .skip 64
        """, cpus: 2, rounds: 100_000);

    /// <summary>Two processors meet before and after each round. What they share.</summary>
    private const string Meeting = """
        meet:
            add r11d, 2
            lock inc dword ptr [met]
        8:  cmp [met], r11d
            jae 9f
            pause
            jmp 8b
        9:  ret
        verify:
            mov al, [wrong]
            ret
        .bss
        .align 64
        places: .skip 128
        seen: .skip 128
        other: .skip 128
        met: .skip 64
        wrong: .skip 64
        """;
}
