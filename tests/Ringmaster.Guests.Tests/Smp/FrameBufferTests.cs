using Ringmaster.Machine;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Guests.Tests.Smp;

/// <summary>The linear frame buffer as memory that processors reach without exits, and that moves with its base address register.</summary>
public sealed class FrameBufferTests
{
    // CPU 0 draws, and moves what it has drawn; both look each time. 16 MiB of video memory, 00:02.0.
    private const string Program = """
        .set BASE, 0xd8000000
        .set MOVED, 0xda000000
        .set WORDS, 4 << 20
        .set BAR, 0x80001010
        .set COMMAND, 0x80001004

        # The Bochs interface's register CX gets AX.
        mode:
            mov r8d, eax
            mov eax, ecx
            mov dx, 0x1ce
            out dx, ax
            mov eax, r8d
            inc dx
            out dx, ax
            ret

        # The configuration register EAX gets ECX.
        configure:
            mov dx, 0xcf8
            out dx, eax
            mov dx, 0xcfc
            mov eax, ecx
            out dx, eax
            ret

        # Whether video memory at RSI has its pattern; counts in R12 where it has not.
        look:
            xor ecx, ecx
        1:  lea eax, [rcx * 4 + 0x00ff8000]
            xor eax, [rsi + rcx * 4]
            jz 2f
            inc r12
        2:  add ecx, 1021
            cmp ecx, WORDS
            jb 1b
            ret

        # Whether nothing is at RSI.
        look_away:
            xor ecx, ecx
        1:  cmp dword ptr [rsi + rcx * 4], -1
            je 2f
            inc r12
        2:  add ecx, 65537
            cmp ecx, WORDS
            jb 1b
            ret

        test:
            mov r13d, edi
            xor r12d, r12d
            test r13d, r13d
            jnz drawn
            mov eax, BAR
            mov ecx, BASE
            call configure
            xor eax, eax
            mov ecx, 4
            call mode
            mov eax, 1024
            mov ecx, 1
            call mode
            mov eax, 768
            mov ecx, 2
            call mode
            mov eax, 32
            mov ecx, 3
            call mode
            mov eax, 0xc1
            mov ecx, 4
            call mode
            mov edi, BASE
            xor ecx, ecx
        1:  lea eax, [rcx * 4 + 0x00ff8000]
            mov [rdi + rcx * 4], eax
            inc ecx
            cmp ecx, WORDS
            jb 1b
            # Stores of strings, of several widths, across pages and at the end.
            mov esi, BASE + 0x1ffd
            mov rax, [rsi]
            mov [rsi], rax
            lock xadd [rsi + 3], eax
            mov rax, [rsi - 5]
            mov esi, BASE + 0x2000
            mov eax, 0x00ff8000 + 0x2000
            mov [rsi], eax
        drawn:
            call barrier
            mov esi, BASE
            call look
            call barrier
            test r13d, r13d
            jnz moved
            mov eax, BAR
            mov ecx, MOVED
            call configure
        moved:
            call barrier
            mov esi, MOVED
            call look
            mov esi, BASE
            call look_away
            call barrier
            test r13d, r13d
            jnz off
            mov eax, COMMAND
            mov ecx, 1
            call configure
        off:
            call barrier
            mov esi, MOVED
            call look_away
            call barrier
            test r13d, r13d
            jnz on
            mov eax, BAR
            mov ecx, BASE
            call configure
            mov eax, COMMAND
            mov ecx, 3
            call configure
        on:
            call barrier
            mov esi, BASE
            call look
            mov esi, MOVED
            call look_away
            lock add [wrong], r12
            ret

        verify:
            mov rax, [wrong]
            neg rax
            sbb eax, eax
            ret
            .data
            .align 8
        wrong: .quad 0
            .text
        """;

    [Theory]
    [InlineData(EngineChoice.Interpreter)]
    [InlineData(EngineChoice.Translator)]
    public void All_processors_see_it_where_it_is_and_no_store_is_an_exit(EngineChoice engine)
    {
        const int width = 1024, height = 768;
        uint[] pixels = [];
        long exits = 0;
        var size = default(Devices.Display.ScreenSize);

        var outcome = new SmpGuest(engine).Outcome(Program, 2, 1, machine => machine with { HasScreen = true }, machine =>
        {
            size = machine.Console!.Capture(ref pixels);
            exits = machine.Statistics.Exits["mmio write"];
        });

        Assert.Equal(new RunOutcome.DebugExit(1), outcome);
        Assert.Equal((width, height), (size.Width, size.Height));
        Assert.Equal(0xFF8000u, pixels[0]);
        Assert.Equal(0xFF8000u + 4 * 5000, pixels[5000]);
        Assert.True(exits < 100, $"{exits} stores were exits.");
    }
}
