using Ringmaster.Cpu.Models;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Guests.Tests.Smp;

/// <summary>LOCKed instructions and aligned accesses happen at once, wherever they go (SDM 3A 8.1).</summary>
public abstract class AtomicTests(EngineChoice engine)
{
    private static readonly bool s_isIntel = HostCpu.ReadModel().IsIntel;

    private readonly SmpGuest _guests = new(engine);

    private const string Spin = "xor eax, eax; mov ecx, 1; 2: lock cmpxchg [rbx], ecx; je 3f; pause; xor eax, eax; jmp 2b; 3:";

    /// <summary>Ways to add one to the number at RBX. RAX, RCX, RDX and RSI are free.</summary>
    private static readonly (string Name, string Code)[] s_increments =
    [
        ("lock inc", "lock inc dword ptr [rbx]"),
        ("lock dec", "lock dec qword ptr [rbx]; lock add qword ptr [rbx], 2"),
        ("lock add", "lock add qword ptr [rbx], 1"),
        ("lock sub", "mov eax, 1; neg eax; lock sub [rbx], eax"),
        ("lock adc", "stc; lock adc dword ptr [rbx], 0"),
        ("lock sbb", "clc; lock sbb dword ptr [rbx], -1"),
        ("lock xadd", "mov eax, 1; lock xadd [rbx], rax"),
        ("lock cmpxchg", "mov eax, [rbx]; 2: lea ecx, [rax + 1]; lock cmpxchg [rbx], ecx; jne 2b"),
        ("lock cmpxchg8b", "mov eax, [rbx]; mov edx, [rbx + 4]; mov rsi, rbx; 2: mov ecx, edx; mov r8, rbx; lea ebx, [rax + 1]; lock cmpxchg8b [rsi]; mov rbx, r8; jne 2b"),
    ];

    /// <summary>Places for a number, with what has to be done first, once. The last lies on two pages that are no neighbours.</summary>
    private static readonly (string Name, string Address, string Setup, int Rounds)[] s_places =
    [
        ("plain data", "offset plain", "", 50_000),
        ("a page that holds code", "offset beside_code", "", 5_000),
        ("two cache lines", "offset pages + 61", "", 250),
        ("two pages", "offset pages + 4096 - 3", "", 250),
        ("two pages that are no neighbours", "Window + 4096 - 3", MapWindow, 250),
        ("pages without rights to go straight to", "Window + 64", MapWindow, 50_000),
    ];

    public static TheoryData<string, string> Counters
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (place, _, _, _) in s_places)
            {
                foreach (var (increment, _) in s_increments)
                    data.Add(increment, place);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Counters))]
    public void Processors_that_count_together_lose_nothing(string increment, string place)
    {
        var code = s_increments.Single(i => i.Name == increment).Code;
        var (_, address, setup, rounds) = s_places.Single(p => p.Name == place);

        _guests.Run($"""
            {Windows}
            test:
                {setup}
                mov rbx, {address}
                mov r12d, ROUNDS
            1:  {code}
                dec r12d
                jnz 1b
                ret
            verify:
                mov rbx, {address}
                cmp dword ptr [rbx], CPUS * ROUNDS
                setne al
                ret
            {Data}
            """, cpus: 3, rounds);
    }

    /// <summary>A lock taken by an exchange or a bit, and given back by a plain store, excludes others.</summary>
    [Theory]
    [InlineData("mov eax, 1; 2: xchg [rbx], eax; test eax, eax; jz 3f; pause; jmp 2b; 3:", "offset plain")]
    [InlineData("mov eax, 1; 2: xchg [rbx], eax; test eax, eax; jz 3f; pause; jmp 2b; 3:", "offset beside_code")]
    [InlineData("2: lock bts dword ptr [rbx], 0; jnc 3f; pause; jmp 2b; 3:", "offset plain")]
    [InlineData("2: lock bts dword ptr [rbx], 0; jnc 3f; pause; jmp 2b; 3:", "offset beside_code")]
    [InlineData(Spin, "offset plain")]
    [InlineData(Spin, "offset beside_code")]
    public void A_spin_lock_lets_in_one_at_a_time(string take, string place) => _guests.Run($"""
        test:
            mov rbx, {place}
            mov r12d, ROUNDS
        1:  {take}
            inc dword ptr [count]
            mov dword ptr [rbx], 0
            dec r12d
            jnz 1b
            ret
        verify:
            cmp dword ptr [count], CPUS * ROUNDS
            setne al
            ret
        .align 64
        beside_code: .quad 0, 0
        {Data}
        count: .skip 64
        """, cpus: 2, rounds: place == "offset beside_code" ? 3_000 : 30_000);

    /// <summary>Processors that change a bit each of one number find it as they left it.</summary>
    [Theory]
    [InlineData("lock or [rbx], ebp", "lock and [rbx], esi", "offset plain", 30_000)]
    [InlineData("lock or [rbx], ebp", "lock and [rbx], esi", "offset beside_code", 3_000)]
    [InlineData("lock or [rbx], ebp", "lock and [rbx], esi", "offset pages + 4096 - 3", 100)]
    [InlineData("lock xor [rbx], ebp", "lock xor [rbx], ebp", "offset plain", 30_000)]
    [InlineData("lock bts [rbx], r13d", "lock btr [rbx], r13d", "offset plain", 30_000)]
    [InlineData("lock bts [rbx], r13d", "lock btr [rbx], r13d", "offset beside_code", 3_000)]
    [InlineData("lock btc [rbx], r13d", "lock btc [rbx], r13d", "offset pages + 4096 - 3", 100)]
    public void Bits_belong_to_those_who_set_them(string set, string clear, string place, int rounds) => _guests.Run($"""
        test:
            mov rbx, {place}
            # One bit in each byte, so that an operand on two pages has some on both.
            lea r13d, [edi * 8 + 1]
            mov ecx, r13d
            mov ebp, 1
            shl ebp, cl
            mov esi, ebp
            not esi
            mov r12d, ROUNDS
        1:  {set}
            test [rbx], ebp
            jz 2f
            {clear}
            test [rbx], ebp
            jz 3f
        2:  lock inc dword ptr [wrong]
        3:  dec r12d
            jnz 1b
            ret
        verify:
            mov rbx, {place}
            mov eax, [rbx]
            or eax, [wrong]
            setnz al
            ret
        .align 64
        beside_code: .quad 0, 0
        {Data}
        wrong: .skip 64
        """, cpus: 4, rounds);

    [Theory]
    [InlineData("offset plain", 50_000)]
    [InlineData("offset beside_code", 5_000)]
    public void Cmpxchg16b_exchanges_both_halves_at_once(string place, int rounds) => _guests.Run($"""
        test:
            mov r13, {place}
            mov r12d, ROUNDS
        1:  mov rax, [r13]
            mov rdx, [r13 + 8]
        2:  lea rbx, [rax + 1]
            lea rcx, [rdx + 3]
            lock cmpxchg16b [r13]
            jne 2b
            dec r12d
            jnz 1b
            ret
        verify:
            mov r13, {place}
            cmp qword ptr [r13], CPUS * ROUNDS
            setne al
            cmp qword ptr [r13 + 8], 3 * CPUS * ROUNDS
            setne dl
            or al, dl
            ret
        .align 64
        beside_code: .quad 0, 0
        {Data}
        """, cpus: 3, rounds, "x86-64-v2");

    /// <summary>One processor counts in four bytes on two pages, the other in the one byte that lies on the second.</summary>
    [Theory]
    [InlineData("offset pages + 4096 - 3", "")]
    [InlineData("Window + 4096 - 3", MapWindow)]
    public void Operands_that_overlap_are_exchanged_one_after_the_other(string place, string setup) => _guests.Run($"""
        {Windows}
        test:
            mov r13d, edi
            {setup}
            mov rbx, {place}
            mov r12d, ROUNDS
            test r13d, r13d
            jnz 2f
        1:  lock inc dword ptr [rbx]
            dec r12d
            jnz 1b
            mov dword ptr [done], 1
            ret
        2:  xor r12d, r12d
        3:  .rept 40
            lock inc byte ptr [rbx + 3]
            .endr
            add r12d, 40
            cmp dword ptr [done], 0
            je 3b
            mov [counted], r12d
            ret
        verify:
            mov rbx, {place}
            mov eax, [counted]
            shl eax, 24
            add eax, ROUNDS
            cmp eax, [rbx]
            setne al
            ret
        {Data}
        done: .skip 64
        counted: .skip 64
        """, cpus: 2, rounds: 2_000);

    /// <summary>Aligned stores of up to 8 bytes, and of 16 with AVX (8.1.1), are seen whole.</summary>
    [Theory]
    [InlineData(2, "offset plain")]
    [InlineData(2, "offset beside_code")]
    [InlineData(4, "offset plain")]
    [InlineData(4, "offset beside_code")]
    [InlineData(8, "offset plain")]
    [InlineData(8, "offset beside_code")]
    [InlineData(16, "offset plain")]
    [InlineData(16, "offset beside_code")]
    public void An_aligned_store_is_never_seen_in_part(int size, string place)
    {
        var (load, store) = size switch
        {
            2 => ("movsx rax, word ptr [rbx]", "mov [rbx], dx"),
            4 => ("movsxd rax, dword ptr [rbx]", "mov [rbx], edx"),
            8 => ("mov rax, [rbx]", "mov [rbx], rdx"),
            // The halves differ if the sum of the one and the complement of the other is not all ones.
            _ => ("movaps xmm0, [rbx]; movq rax, xmm0; movhlps xmm0, xmm0; movq rcx, xmm0; cmp rax, rcx; jne 4f",
                "movq xmm1, rdx; movlhps xmm1, xmm1; movaps [rbx], xmm1"),
        };
        _guests.Run($"""
            test:
                mov rbx, {place}
                mov r12d, ROUNDS
                test edi, edi
                jnz reader
                xor edx, edx
            1:  not rdx
                {store}
                dec r12d
                jnz 1b
                mov dword ptr [done], 1
                ret
            reader:
                {load}
                test rax, rax
                jz 3f
                inc rax
                jz 3f
            4:  lock inc dword ptr [wrong]
            3:  cmp dword ptr [done], 0
                je reader
                ret
            verify:
                mov al, [wrong]
                ret
            .align 64
            beside_code: .quad 0, 0
            {Data}
            done: .skip 64
            wrong: .skip 64
            """, cpus: 2, rounds: place == "offset plain" ? 1_000_000 : 30_000, "x86-64-v3");
    }

    /// <summary>
    /// String instructions store every element whole, and once: what another processor answers does not come back. Intel's processors
    /// store the last elements of a REP MOVS twice now and then, and the translator leaves those to the host.
    /// </summary>
    [Theory]
    [InlineData("movsq", 8)]
    [InlineData("movsd", 4)]
    [InlineData("stosq", 8)]
    [InlineData("stosd", 4)]
    [InlineData("stosw", 2)]
    public void A_string_instruction_stores_each_element_once(string instruction, int size) => _guests.Run($"""
        .set COUNT, 37
        test:
            mov r12d, ROUNDS
            test edi, edi
            jnz answerer
            cld
        1:  mov rax, -1
            mov edi, offset plain
            mov esi, offset ones
            mov ecx, COUNT
            rep {instruction}
        2:  cmp dword ptr [plain + COUNT * {size} - 2], 0
            jne 2b
            dec r12d
            jnz 1b
            mov dword ptr [done], 1
            ret
        answerer:
            cmp dword ptr [done], 0
            jne 3f
            # The last element; two bytes show it, so that none of an element before is needed.
            cmp word ptr [plain + COUNT * {size} - 2], -1
            jne answerer
            inc dword ptr [answers]
            mov dword ptr [plain + COUNT * {size} - 2], 0
            jmp answerer
        3:  ret
        verify:
            cmp dword ptr [answers], ROUNDS
            {(engine == EngineChoice.Translator && s_isIntel && instruction.StartsWith("movs", StringComparison.Ordinal) ? "setb" : "setne")} al
            cmp word ptr [plain + COUNT * {size} - 2], 0
            setne dl
            or al, dl
            ret
        .data
        .align 64
        ones: .fill 512, 1, 0xff
        {Data}
        answers: .skip 64
        done: .skip 64
        """, cpus: 2, rounds: 20_000);

    /// <summary>Maps page 0 and page 2 of "pages" one after the other. Every processor does it and writes the same.</summary>
    private const string MapWindow = """
        mov rax, cr3
        mov ecx, offset window_pdpt + 3
        mov [rax + 8], rcx
        mov ecx, offset window_pd + 3
        mov [window_pdpt], rcx
        mov ecx, offset window_pt + 3
        mov [window_pd], rcx
        mov ecx, offset pages + 3
        mov [window_pt], rcx
        mov ecx, offset pages + 0x2003
        mov [window_pt + 8], rcx
        mov rax, cr3
        mov cr3, rax
        """;

    private const string Windows = """
        .set Window, 0x8000000000
            jmp test
        .align 64
        beside_code: .quad 0, 0
        """;

    private const string Data = """
        .bss
        .align 4096
        pages: .skip 3 * 4096
        window_pdpt: .skip 4096
        window_pd: .skip 4096
        window_pt: .skip 4096
        plain: .skip 1024
        """;
}
