using Iced.Intel;
using Ringmaster.Conformance.Tests.Engines;
using Ringmaster.Conformance.Tests.Harness;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Conformance.Tests.Hostile;

/// <summary>
/// Instructions that an engine may do in another way once it has done them before. In the hundredth round they do what they did in
/// the first, whatever has changed meanwhile; the interpreter, which learns nothing, says what that is.
/// </summary>
public sealed class LearnedInstructionTests
{
    private const int Rounds = 200;
    private const uint Fmask = 0xC000_0084;

    // All but TF, which would end the round.
    private const int AnyFlags = 0x24_7ED7;

    private static int Guests => Environment.GetEnvironmentVariable("RINGMASTER_LONG_TESTS") == "1" ? 1000 : 40;

    [Theory]
    [InlineData("translator", false)]
    [InlineData("translator", true)]
    public void System_calls_go_on_doing_what_they_did(string engine, bool intel)
    {
        for (var seed = 0; seed < Guests; seed++)
            Compare(engine, SystemCalls(seed, intel), seed);
    }

    [Theory]
    [InlineData("translator", false)]
    [InlineData("translator", true)]
    public void Returns_from_interrupts_go_on_doing_what_they_did(string engine, bool intel)
    {
        for (var seed = 0; seed < 2 * Guests; seed++)
            Compare(engine, InterruptReturns(seed, intel), seed);
    }

    [Theory]
    [InlineData("translator", GuestMode.User64)]
    [InlineData("translator", GuestMode.Kernel64)]
    public void Faults_amid_code_go_on_doing_what_they_did(string engine, GuestMode mode)
    {
        for (var seed = 0; seed < Guests; seed++)
            Compare(engine, Faults(seed, mode), seed);
    }

    [Theory]
    [InlineData("translator", GuestMode.User64)]
    [InlineData("translator", GuestMode.Kernel64)]
    public void Repeated_strings_go_on_doing_what_they_did(string engine, GuestMode mode)
    {
        for (var seed = 0; seed < Guests; seed++)
            Compare(engine, Strings(seed, mode), seed);
    }

    [Theory]
    [InlineData("translator", GuestMode.User64)]
    [InlineData("translator", GuestMode.Kernel64)]
    public void Loops_go_on_doing_what_they_did(string engine, GuestMode mode)
    {
        for (var seed = 0; seed < 5 * Guests; seed++)
            Compare(engine, Loop(seed, mode), seed);
    }

    [Theory]
    [InlineData("translator", GuestMode.User64)]
    [InlineData("translator", GuestMode.Kernel64)]
    public void Bit_strings_go_on_doing_what_they_did(string engine, GuestMode mode)
    {
        for (var seed = 0; seed < 2 * Guests; seed++)
            Compare(engine, BitStrings(seed, mode), seed);
    }

    private static void Compare(string engine, Case row, int seed)
    {
        var tested = CaseRunner.Run(EngineUnderTest.Get(engine), row);
        var expected = CaseRunner.Run(EngineUnderTest.Get("interpreter"), row);

        Assert.True((expected.Ending, expected.HandlerReached) == (tested.Ending, tested.HandlerReached), $"seed {seed}: {tested.Ending}, not {expected.Ending}");
        Assert.True(Registers(expected) == Registers(tested), $"seed {seed}:\n{Registers(tested)}\ninterpreter:\n{Registers(expected)}\ncode: {Code(row)}");
        Assert.True(Flags(expected) == Flags(tested), $"seed {seed}:\n{Flags(tested)}\ninterpreter:\n{Flags(expected)}\ncode: {Code(row)}");
        Assert.True(expected.Memory.AsSpan().SequenceEqual(tested.Memory), $"seed {seed}: memory differs");
    }

    private static string Code(Case row)
    {
        var guest = CaseRunner.Prepare(row);
        return Convert.ToHexString(guest.Memory.AsSpan((int)Layout.Code, (int)(guest.End - guest.Start)));
    }

    private static string Flags(Guest guest) =>
        $"RIP {guest.State.Rip:x}, RFLAGS {guest.State.Rflags:x}, CR2 {guest.State.Cr2:x}, CS {guest.State.Cs}, SS {guest.State.Ss}";

    private static string Registers(Guest guest) => string.Join(' ', Enumerable.Range(0, 16).Select(i => $"{guest.State.Registers[i]:x}"));

    /// <summary>R8 gathers what both levels see of flags and selectors.</summary>
    private static Case SystemCalls(int seed, bool intel) => new("system calls", GuestMode.User64, c =>
    {
        c.mov(edi, Rounds);
        c.AnonymousLabel();
        c.syscall();
        Gather(c);
        c.dec(edi);
        c.jne(c.B);
    })
    {
        Intel = intel,
        Given = m =>
        {
            var random = new Random(seed);
            m.State.Msr.Star = (ulong)(Selectors.UserCode32 & ~3) << 48 | (ulong)Selectors.Code64 << 32;
            m.State.Msr.Lstar = Layout.Target;
            m.State.Msr.Fmask = 0x4_0700;
            m.State.Registers[10] = (ulong)random.NextInt64();
            m.Write(Layout.Target, Assembled(c => Kernel(c, random)));
        },
    };

    private static void Kernel(Assembler c, Random random)
    {
        Label keepsStack = c.CreateLabel(), keepsMask = c.CreateLabel();
        c.add(r8, r11);
        c.mov(rbx, rcx);
        Gather(c);
        c.inc(r9d);
        c.test(r9d, (1 << random.Next(1, 6)) - 1);
        c.jne(keepsStack);
        c.mov(eax, random.Next(2) == 0 ? Selectors.Data : 0);
        c.mov(ss, eax);
        c.Label(ref keepsStack);
        c.test(r9d, (1 << random.Next(4, 7)) - 1);
        c.jne(keepsMask);
        c.mov(ecx, Fmask);
        c.rdmsr();
        // DF, some arithmetic flags, and now and then AC.
        c.xor(eax, random.Next(4) == 0 ? 0x4_0400 : 0x400 | random.Next(0x100) & 0xD5);
        c.wrmsr();
        c.Label(ref keepsMask);
        c.imul(r10, r10, random.Next() | 1);
        c.add(r10, 12345);
        c.mov(r11, r10);
        c.shr(r11, 20);
        c.and(r11, AnyFlags);
        c.mov(rcx, rbx);
        c.sysretq();
    }

    /// <summary>
    /// A kernel that returns by IRET, and in between changes one or two of the things that it depends on: the frame's flags and
    /// selectors, the data segments, the descriptors, where their table is, and what is mapped there.
    /// </summary>
    private static Case InterruptReturns(int seed, bool intel)
    {
        var row = SystemCalls(seed, intel);
        return row with
        {
            Given = m =>
            {
                row.Given!(m);
                var random = new Random(seed);
                m.Write(Layout.Target, Assembled(c => ReturningKernel(c, random)));
                // The table a second time, behind the window.
                m.Memory.AsSpan((int)Layout.Gdt, 0x1000).CopyTo(m.Memory.AsSpan((int)Layout.Frame));
                m.Memory.AsSpan((int)Layout.Gdt, 0x1000).CopyTo(m.Memory.AsSpan((int)Layout.OtherFrame));
                m.Write(Layout.OtherFrame + Selectors.UserCode64 + 6UL, (byte)(m.Memory[Layout.OtherFrame + Selectors.UserCode64 + 6] ^ 0x10));
                if (random.Next(2) == 0)
                    m.Write(Layout.OtherFrame + Selectors.UserData + 5UL, (byte)0x72);
                if (random.Next(2) == 0)
                {
                    m.State.Gdtr = m.State.Gdtr with { Base = Layout.Window };
                    if (random.Next(2) == 0)
                        m.Write(Layout.Gdt + Selectors.UserData + 5UL, (byte)0x72);
                }
                m.Write(TablePointer, (ushort)0x137);
                m.Write(TablePointer + 2, (ulong)Layout.Gdt);
            },
        };
    }

    /// <summary>What LGDT loads.</summary>
    private const ulong TablePointer = Layout.Data + 0x800;

    private static void ReturningKernel(Assembler c, Random random)
    {
        c.mov(rbx, rcx);
        c.mov(rbp, rsp);
        c.mov(rsp, Layout.KernelStack - 64);
        c.inc(r9d);
        Gather(c);
        for (var i = 0; i < 2; i++)
        {
            var keeps = c.CreateLabel();
            c.test(r9d, (1 << random.Next(2, 7)) - 1);
            c.jne(keeps);
            Disturb(c, random);
            c.Label(ref keeps);
        }
        foreach (var segment in (AssemblerRegisterSegment[])[ds, es, fs, gs])
        {
            c.mov(eax, segment);
            c.rol(r8, 5);
            c.add(r8, rax);
        }
        if (random.Next(2) == 0)
            ReturnToItself(c, random);
        if (random.Next(3) != 0)
        {
            // NT, which the user may have set.
            c.push(2);
            c.popfq();
        }
        c.imul(r10, r10, random.Next() | 1);
        c.add(r10, 12345);
        c.mov(r11, r10);
        c.shr(r11, 20);
        // Mostly flags that stand for nothing else.
        c.mov(ecx, 0x1_0AD7);
        c.mov(eax, random.Next(2) == 0 ? AnyFlags | 0x1_0000 : 0x1_4AD7);
        c.test(r9d, (1 << random.Next(2, 6)) - 1);
        c.cmove(ecx, eax);
        c.and(r11, rcx);
        // The processor looks at 16 bits of a selector only.
        c.mov(rax, (long)(Selectors.UserData | 3U | (random.Next(8) == 0 ? 0xABCD_0000U : 0)));
        c.push(rax);
        c.push(rbp);
        c.push(r11);
        c.push(Selectors.UserCode64 | 3);
        c.push(rbx);
        c.iretq();
    }

    /// <summary>IRET from the kernel to the kernel, as it serializes itself with, with one stack segment or the other.</summary>
    private static void ReturnToItself(Assembler c, Random random)
    {
        var behind = c.CreateLabel();
        c.mov(ecx, random.Next(2) == 0 ? Selectors.Data : 0);
        c.mov(eax, random.Next(3) == 0 ? Selectors.Data1 | 1 : Selectors.Data);
        c.test(r9d, (1 << random.Next(3, 8)) - 1);
        c.cmove(ecx, eax);
        c.mov(rdx, rsp);
        c.push(rcx);
        c.push(rdx);
        c.mov(rax, r10);
        c.shr(rax, 11);
        c.and(rax, random.Next(2) == 0 ? 0x4_0CD7 : 0x8D7);
        c.push(rax);
        c.push(Selectors.Code64);
        c.lea(rax, __[behind]);
        c.push(rax);
        c.iretq();
        c.Label(ref behind);
        Gather(c);
    }

    private static void Disturb(Assembler c, Random random)
    {
        switch (random.Next(7))
        {
            case 0:
                AssemblerRegisterSegment[] segments = [ds, es, fs, gs];
                int[] selectors = [0, Selectors.Data, Selectors.UserData | 3, Selectors.Data1 | 1];
                c.mov(eax, selectors[random.Next(selectors.Length)]);
                c.mov(segments[random.Next(segments.Length)], eax);
                break;
            case 1:
                // AVL, which the hidden part keeps.
                c.xor(__byte_ptr[Layout.Gdt + (random.Next(2) == 0 ? Selectors.UserCode64 : Selectors.UserData) + 6UL], 0x10);
                break;
            case 2:
                // Accessed.
                c.and(__byte_ptr[Layout.Gdt + (random.Next(2) == 0 ? Selectors.UserCode64 : Selectors.UserData) + 5UL], 0xFE);
                break;
            case 3:
                // Not present any more.
                c.and(__byte_ptr[Layout.Gdt + (random.Next(2) == 0 ? Selectors.UserCode64 : Selectors.UserData) + 5UL], 0x7F);
                break;
            case 4:
                c.mov(rax, random.Next(2) == 0 ? Layout.Window : Layout.Gdt);
                c.mov(__qword_ptr[TablePointer + 2], rax);
                c.lgdt(__[TablePointer]);
                break;
            case 5:
                c.mov(rax, PageTables.WindowEntry(GuestMode.User64, 1));
                c.xor(__dword_ptr[rax], (int)(Layout.Frame ^ Layout.OtherFrame));
                c.mov(eax, Layout.Window + (uint)random.Next(0x1000));
                c.invlpg(__[rax]);
                break;
            default:
                c.mov(rax, PageTables.WindowEntry(GuestMode.User64, 1));
                c.xor(__dword_ptr[rax], (int)(Layout.Frame ^ Layout.OtherFrame));
                c.mov(rax, cr3);
                c.mov(cr3, rax);
                break;
        }
    }

    /// <summary>Divisions by zero with code before and behind, which the handler mends or steps over, and now and then a single step.</summary>
    private static Case Faults(int seed, GuestMode mode) => new("faults", mode, c =>
    {
        var random = new Random(seed);
        c.mov(edi, Rounds);
        c.AnonymousLabel();
        for (var i = 0; i < 2; i++)
        {
            c.imul(r10, r10, random.Next() | 1);
            c.mov(eax, r10d);
            c.mov(ecx, eax);
            c.and(ecx, random.Next(2) == 0 ? 0 : 3);
            c.cdq();
            // What AND and DIV leave undefined is seen by nobody.
            c.add(r10d, 0x123);
            c.div(ecx);
            c.add(r10, rdx);
            Gather(c);
        }
        c.dec(edi);
        c.jne(c.B);
    })
    {
        Given = m =>
        {
            var random = new Random(~seed);
            m.State.Registers[10] = (ulong)random.NextInt64();
            m.SetGate(0, Selectors.Code64, Layout.Target, 0xE);
            m.SetGate(1, Selectors.Code64, Layout.Target + 0x200, 0xE);
            m.Write(Layout.Target, Assembled(c => MendDivisor(c, random)));
            m.Write(Layout.Target + 0x200, Assembled(c =>
            {
                c.and(__dword_ptr[rsp + 16], ~(0x100 | 0x8D5));
                c.add(r8, __qword_ptr[rsp + 16]);
                c.add(r8, __qword_ptr[rsp]);
                Gather(c);
                c.iretq();
            }));
        },
    };

    private static void MendDivisor(Assembler c, Random random)
    {
        Label mends = c.CreateLabel(), plain = c.CreateLabel();
        c.inc(r9d);
        c.add(r8, __qword_ptr[rsp]);
        c.add(r8, __qword_ptr[rsp + 16]);
        c.test(r9d, (1 << random.Next(0, 4)) - 1);
        c.jne(mends);
        c.add(__qword_ptr[rsp], 2);
        c.Label(ref mends);
        c.mov(ecx, random.Next() | 1);
        c.test(r9d, (1 << random.Next(3, 7)) - 1);
        c.jne(plain);
        c.xor(__dword_ptr[rsp + 16], random.Next(3) switch { 0 => 0x100, 1 => 0x1_0000, _ => 0x8D5 });
        c.Label(ref plain);
        c.iretq();
    }

    private static void Gather(Assembler c)
    {
        c.pushfq();
        c.pop(rax);
        c.rol(r8, 7);
        c.add(r8, rax);
        c.mov(eax, cs);
        c.add(r8, rax);
        c.rol(r8, 9);
        c.mov(eax, ss);
        c.add(r8, rax);
    }

    private static byte[] Assembled(Action<Assembler> code)
    {
        var assembler = new Assembler(64);
        code(assembler);
        var bytes = new MemoryStream();
        assembler.Assemble(new StreamCodeWriter(bytes), Layout.Target);
        return bytes.ToArray();
    }

    /// <summary>Stores and moves that overlap, cross pages, go backwards, hit the code's own page, and end in a page that is not there.</summary>
    private static Case Strings(int seed, GuestMode mode) => new("repeated strings", mode, c =>
    {
        var random = new Random(seed);
        c.mov(ebp, Rounds / 4);
        c.AnonymousLabel();
        for (var i = 0; i < 6; i++)
        {
            var from = Place(random);
            c.mov(rsi, from);
            c.mov(rdi, random.Next(3) == 0 ? from + (ulong)random.Next(-64, 64) : Place(random));
            c.mov(ecx, random.Next(4) == 0 ? random.Next(0x1800) : random.Next(100));
            c.mov(rax, random.NextInt64());
            if (random.Next(8) == 0)
                c.std();
            c.add(rdx, rax);
            Repeat(c, random.Next(8));
            c.adc(rdx, rdi);
            c.cld();
        }
        if (random.Next(4) == 0)
        {
            c.mov(rdi, Layout.Window + 0xF00L + random.Next(0x100));
            c.mov(ecx, 0x300);
            Repeat(c, random.Next(8));
        }
        c.dec(ebp);
        c.jne(c.B);
    })
    {
        Given = m => new Random(1).NextBytes(m.Memory.AsSpan(0x7_0000, 0x9_0000)),
    };

    /// <summary>Bits far before and behind their operand, in other pages, across a page's end, in the code's own page, and where there is nothing.</summary>
    private static Case BitStrings(int seed, GuestMode mode) => new("bit strings", mode, c =>
    {
        var random = new Random(seed);
        AssemblerRegister64[] bases = [rsi, rdi, r12], offsets = [rcx, rdx, r13, rsi, r14];
        c.mov(ebp, Rounds);
        c.AnonymousLabel();
        for (var i = 0; i < 6; i++)
        {
            var (pointer, offset) = (bases[random.Next(3)], offsets[random.Next(5)]);
            var place = Place(random);
            c.mov(pointer, place);
            // Now and then beyond what the bits of a quadword's number could say; but not into the code itself, where the last
            // instruction might become one that leaves a flag undefined.
            var least = place < Layout.Handlers ? 0 : -0x4_0000;
            c.mov(offset, random.Next(20) == 0 ? random.NextInt64() : random.Next(least, 0x4_0000));
            c.lea(offset, __[offset + rbp * (1 << random.Next(4))]);
            if (random.Next(3) == 0)
                c.add(r8, rbx);
            else
                c.inc(rbx);
            var at = random.Next(3) == 0 ? pointer + rbp * 8 + random.Next(-99, 99) : pointer + random.Next(-99, 99);
            Bit(c, random.Next(7), __qword_ptr[at], offset);
            c.pushfq();
            c.pop(rax);
            c.rol(r8, 3);
            c.xor(r8, rax);
        }
        c.dec(ebp);
        c.jne(c.B);
    })
    {
        Given = m => new Random(seed).NextBytes(m.Memory.AsSpan(0x7_0000, 0x9_0000)),
    };

    private static void Bit(Assembler c, int which, AssemblerMemoryOperand place, AssemblerRegister64 offset)
    {
        switch (which)
        {
            case 0: c.bt(place, offset); break;
            case 1: c.bts(place, offset); break;
            case 2: c.btr(place, offset); break;
            case 3: c.btc(place, offset); break;
            case 4: c.@lock.bts(place, offset); break;
            case 5: c.@lock.btr(place, offset); break;
            default: c.@lock.btc(place, offset); break;
        }
    }

    private static ulong Place(Random random) => random.Next(12) == 0 ? Layout.Code + 0x800UL + (ulong)random.Next(0x400)
        : random.Next(3) == 0 ? 0x8_0000UL + (ulong)(random.Next(0x40) * 0x1000 + random.Next(-20, 20)) : (ulong)random.Next(0x8_0000, 0xE_0000);

    private static void Repeat(Assembler c, int which)
    {
        switch (which)
        {
            case 0: c.rep.stosb(); break;
            case 1: c.rep.stosw(); break;
            case 2: c.rep.stosd(); break;
            case 3: c.rep.stosq(); break;
            case 4: c.rep.movsb(); break;
            case 5: c.rep.movsw(); break;
            case 6: c.rep.movsd(); break;
            default: c.rep.movsq(); break;
        }
    }

    /// <summary>
    /// A loop of one block whose pointers and index move by constants: through pages, over each other's bytes, and out of what there
    /// is.
    /// </summary>
    private static Case Loop(int seed, GuestMode mode) => new("a loop", mode, c =>
    {
        var random = new Random(seed);
        AssemblerRegister64[] pointers = [rsi, rdi, rbx];
        foreach (var pointer in pointers)
            c.mov(pointer, random.Next(8) == 0 ? Layout.Window + (ulong)random.Next(0x1000) : (ulong)random.Next(0x8_0000, 0xE_0000));
        // So few that they do not come down to code and tables, which have tests of their own.
        c.mov(ecx, random.Next(3) == 0 ? random.Next(1, 12) : random.Next(1, 400));
        c.mov(rbp, random.Next(-50, 50));
        c.AnonymousLabel();
        var length = random.Next(2, 9);
        for (var i = 0; i < length; i++)
            Step(c, random, pointers);
        // Flags that can be made again, by doing the same or by undoing it, and flags that cannot.
        switch (random.Next(4))
        {
            case 0: c.sub(ecx, 1); break;
            case 1: c.dec(ecx); break;
            case 2: c.dec(ecx); c.test(ecx, ecx); break;
            default: c.dec(ecx); c.cmp(ecx, 0); break;
        }
        c.jne(c.B);
        c.pushfq();
    })
    {
        Given = m => new Random(seed).NextBytes(m.Memory.AsSpan(0x7_0000, 0x9_0000)),
    };

    private static void Step(Assembler c, Random random, AssemblerRegister64[] pointers)
    {
        var pointer = pointers[random.Next(3)];
        var at = random.Next(3) == 0 ? pointer + rbp * (1 << random.Next(4)) + random.Next(-40, 40) : pointer + random.Next(-40, 40);
        int[] steps = [1, 2, 4, 8, 16, 24, 64, 0x100, 0x1000, -1, -4, -8, -64];
        switch (random.Next(14))
        {
            case 0: c.add(pointer, steps[random.Next(steps.Length)]); break;
            case 1: c.lea(pointer, __[pointer + steps[random.Next(steps.Length)]]); break;
            case 2: c.inc(rbp); break;
            case 3: c.sub(rbp, 2); break;
            case 4: c.mov(eax, __dword_ptr[at]); break;
            case 5: c.add(edx, __dword_ptr[at]); break;
            case 6: c.adc(rdx, __qword_ptr[at]); break;
            case 7: c.movzx(eax, __byte_ptr[at]); break;
            case 8: c.mov(__dword_ptr[at], edx); break;
            case 9: c.mov(__byte_ptr[at], al); break;
            case 10: c.xor(__qword_ptr[at], rdx); break;
            case 11: c.rol(edx, 1); break;
            case 12: c.lea(rax, __[rax + rdx * 4 + 77]); break;
            default: c.mov(__qword_ptr[at], rax); break;
        }
    }
}
