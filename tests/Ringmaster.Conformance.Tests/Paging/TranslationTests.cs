using Ringmaster.Conformance.Tests.Harness;
using Ringmaster.Cpu.Exits;
using Ringmaster.Memory;
using static Iced.Intel.AssemblerRegisters;
using static Ringmaster.Conformance.Tests.Harness.PageTables;

namespace Ringmaster.Conformance.Tests.Paging;

/// <summary>Accessed and dirty bits, page sizes, crossing pages, and what a guest may rely on about TLBs (SDM 3A 4.3 to 4.10).</summary>
public sealed class TranslationTests
{
    private static readonly GuestMode[] s_kernels = [GuestMode.KernelTwoLevel, GuestMode.KernelPae, GuestMode.Kernel64, GuestMode.KernelFiveLevel];

    private static readonly CaseTable s_cases = new(s_kernels.SelectMany(InEveryMode))
    {
        new("a 1-GByte page", GuestMode.Kernel64, c => c.mov(ecx, __[Layout.Window]))
        {
            Given = m =>
            {
                m.SetWindow(PageTables.All | Large, 3);
                // The window is at 8 MBytes of it: no RAM, so a device answers.
                m.Answers.Enqueue(ExitAnswer.Value(0x1234_5678));
            },
            Then = m =>
            {
                Assert.Equal([VmExit.MmioRead(new GuestPhysicalAddress(Layout.Window), 4)], m.Exits);
                Assert.Equal(0x1234_5678UL, m.Rcx);
                Assert.Equal(PageTables.All | Large | Accessed, m.Window(3) & ~Dirty);
            },
        },
        new("PSE-36 reaches beyond 4 GBytes", GuestMode.KernelTwoLevel, c => c.mov(ecx, __[Layout.Window + 0x10_0004]))
        {
            Given = m =>
            {
                m.State.Cr4 |= 0x10;
                m.SetWindow(PageTables.All | Large | 0x40_0000 | 5 << 13, 2);
            },
            Then = m => Assert.Equal([VmExit.MmioRead(new GuestPhysicalAddress(0x5_0050_0004), 4)], m.Exits),
        },
        new("PS is reserved in a PML4 entry", GuestMode.KernelFiveLevel, c => c.mov(ecx, __[rax]))
        {
            Rax = Layout.HighHalf, Given = m => m.Write(0x10_1000 + 256 * 8UL, m.Read<ulong>(0x10_1000 + 256 * 8UL) | Large),
            Fault = Vector.PageFault, Error = 9, Then = m => Assert.Equal(Layout.HighHalf, m.State.Cr2),
        },
        new("PS is reserved in a PML5 entry", GuestMode.KernelFiveLevel, c => c.mov(ecx, __[rax]))
        {
            Rax = Wide57, Given = m => m.Write(0x10_0000 + 256 * 8UL, m.Read<ulong>(0x10_0000 + 256 * 8UL) | Large),
            Fault = Vector.PageFault, Error = 9,
        },
        new("5-level paging translates 57 bits", GuestMode.KernelFiveLevel, c => c.mov(ecx, __[rax]))
        {
            Rax = Wide57 | Layout.Data, Given = m => m.Write(Layout.Data, 0xCAFE_F00DU), Then = m => Assert.Equal(0xCAFE_F00DUL, m.Rcx),
        },
        new("4-level paging has 48-bit addresses", GuestMode.Kernel64, c => c.mov(ecx, __[rax]))
        {
            Rax = Wide57, Wide = true, Fault = Vector.GeneralProtection, Error = 0,
        },
        new("a load that is not canonical raises #GP", GuestMode.Kernel64, c => c.mov(ecx, __[rax]))
        {
            Rax = 0x8000_0000_0000, Fault = Vector.GeneralProtection, Error = 0,
        },
        new("a load whose last byte is not canonical raises #GP", GuestMode.Kernel64, c => c.mov(ecx, __[rax]))
        {
            Rax = 0x7FFF_FFFF_FFFD, Fault = Vector.GeneralProtection, Error = 0,
        },
        new("a stack access that is not canonical raises #SS", GuestMode.User64, c => c.push(rax))
        {
            Given = m => m.Rsp = 0x8000_0000_0008, Fault = Vector.StackFault, Error = 0,
        },
        new("an access through RBP that is not canonical raises #SS", GuestMode.User64, c => c.mov(ecx, __[rbp]))
        {
            Given = m => m.State.Registers[5] = 0x8000_0000_0000, Fault = Vector.StackFault, Error = 0,
        },
        new("a branch that is not canonical faults on itself", GuestMode.Kernel64, c => c.jmp(rax))
        {
            Rax = 0x8000_0000_0000, Fault = Vector.GeneralProtection, Error = 0,
        },
        new("MOV to CR3 with the no-flush bit may still find what was mapped", GuestMode.Kernel64, c =>
        {
            c.mov(ecx, __[Layout.Window]);
            c.mov(rax, cr3);
            c.bts(rax, 63);
            c.mov(cr3, rax);
            c.mov(ecx, __[Layout.Window]);
        })
        {
            Given = m =>
            {
                m.State.Cr4 |= 0x2_0000;
                m.State.Cr3 |= 5;
                m.Write(Layout.Frame, 0x1111_EEE7U);
            },
            Then = m =>
            {
                Assert.Equal(0x1111_EEE7UL, m.Rcx);
                Assert.Equal(Root(GuestMode.Kernel64) | 5UL, m.State.Cr3);
            },
        },
        new("another PCID sees its own tables", GuestMode.KernelFiveLevel, c =>
        {
            c.mov(ecx, __[Layout.Window]);
            c.mov(cr3, rax);
            c.mov(ecx, __[Layout.Window]);
        })
        {
            Rax = 0x11_0001,
            Given = m =>
            {
                m.State.Cr4 |= 0x2_0000;
                // A second root that shares all but the window: a copy of five tables, one after the other.
                for (var i = 0UL; i < 0x6000; i += 8)
                    m.Write(0x11_0000 + i, Moved(m.Read<ulong>(0x10_0000 + i)));
                m.Write(0x11_5000, Layout.OtherFrame | PageTables.All);
                m.Write(Layout.OtherFrame, 0x5555U);
            },
            Then = m => Assert.Equal(0x5555UL, m.Rcx),
        },
        new("INVPCID of one address takes the new mapping", GuestMode.Kernel64, c =>
        {
            c.mov(ecx, __[Layout.Window]);
            c.mov(__qword_ptr[WindowEntry(GuestMode.Kernel64, 1)], (int)(Layout.OtherFrame | PageTables.All));
            c.invpcid(rax, __[Layout.Data]);
            c.mov(ecx, __[Layout.Window]);
        })
        {
            Given = m =>
            {
                m.Write(Layout.Data + 8UL, (ulong)Layout.Window);
                m.Write(Layout.OtherFrame, 0x2222U);
            },
            Then = m => Assert.Equal(0x2222UL, m.Rcx),
        },
        new("WRPKRU closes a page that has just been read", GuestMode.User64, c =>
        {
            c.mov(ebx, __[Layout.Window]);
            c.wrpkru();
            c.mov(ebx, __[Layout.Window]);
        })
        {
            Rax = 4,
            Given = m =>
            {
                m.SetWindow(Layout.Frame | PageTables.All | 1UL << 59);
                m.State.Cr4 |= 0x40_0000;
            },
            Fault = Vector.PageFault, Error = 0x25,
        },
        new("CLAC closes a page that has just been read", GuestMode.Kernel64, c =>
        {
            c.stac();
            c.mov(ebx, __[Layout.Window]);
            c.clac();
            c.mov(ebx, __[Layout.Window]);
        })
        {
            Given = m =>
            {
                PagingMatrix.HideKernel(m);
                m.State.Cr4 |= 0x20_0000;
            },
            Fault = Vector.PageFault, Error = 1,
        },
        new("a descriptor table in a user page does not pass SMAP, AC or not", GuestMode.Kernel64, c => c.mov(ds, eax))
        {
            Rax = Selectors.LocalData,
            Given = m =>
            {
                PagingMatrix.HideKernel(m);
                m.SetPage(Layout.Ldt, 0, User);
                m.State.Cr4 |= 0x20_0000;
                m.State.Rflags |= 0x4_0000;
            },
            Fault = Vector.PageFault, Error = 1,
        },
        new("setting CR0.PG in an identity map goes on", GuestMode.Kernel32, c =>
        {
            c.mov(cr3, eax);
            c.mov(eax, cr0);
            c.or(eax, int.MinValue);
            c.mov(cr0, eax);
            c.mov(ecx, __[Layout.Window]);
        })
        {
            Rax = Root(GuestMode.KernelTwoLevel), Given = m => m.Write(Layout.Frame, 0x77U), Then = m => Assert.Equal(0x77UL, m.Rcx),
        },
        new("a code fetch that crosses into an absent page faults there", GuestMode.Kernel64, c => c.jmp(rax))
        {
            Rax = Layout.Window + 0xFFE,
            Given = m =>
            {
                // A five-byte MOV, two bytes of which are there.
                m.Write(Layout.Frame + 0xFFEUL, (byte)0xB8);
            },
            Fault = Vector.PageFault, Error = 0, At = m => Layout.Window + 0xFFE, Then = m => Assert.Equal(Layout.Window + 0x1000UL, m.State.Cr2),
        },
    };

    private const ulong Wide57 = 0xFF00_0000_0000_0000;

    public static TheoryData<string, string> Rows => s_cases.Rows;

    [Theory]
    [MemberData(nameof(Rows))]
    public void Holds(string engine, string name) => s_cases.Run(engine, name);

    // Only entries that lead to tables: those lie from 0x100000 on.
    private static ulong Moved(ulong entry) => (entry & ~0xFFFUL) is >= 0x10_0000 and < 0x10_6000 ? entry + 0x1_0000 : entry;

    private static IEnumerable<Case> InEveryMode(GuestMode mode)
    {
        var entry = WindowEntry(mode, 1);
        yield return new($"a load sets accessed bits and no dirty bit, {mode}", mode, c => c.mov(ecx, __[Layout.Window]))
        {
            Then = m =>
            {
                Assert.Equal(Accessed, m.Window() & (Accessed | Dirty));
                Assert.Equal(Accessed, m.Window(2) & (Accessed | Dirty));
            },
        };
        yield return new($"a store sets the page's dirty bit only, {mode}", mode, c => c.mov(__[Layout.Window], ecx))
        {
            Then = m =>
            {
                Assert.Equal(Accessed | Dirty, m.Window() & (Accessed | Dirty));
                Assert.Equal(Accessed, m.Window(2) & (Accessed | Dirty));
            },
        };
        yield return new($"a store after a load sets the dirty bit, {mode}", mode, c =>
        {
            c.mov(ecx, __[Layout.Window]);
            c.mov(__[Layout.Window], ecx);
        })
        {
            Then = m => Assert.Equal(Dirty, m.Window() & Dirty),
        };
        yield return new($"a fetch sets the accessed bit, {mode}", mode, c =>
        {
            c.mov(eax, Layout.Window);
            if (mode.Is64Bit())
                c.jmp(rax);
            else
                c.jmp(eax);
        })
        {
            Lands = Layout.Window, Then = m => Assert.Equal(Accessed, m.Window() & (Accessed | Dirty)),
        };
        yield return new($"a store that is refused sets no dirty bit, {mode}", mode, c => c.mov(__[Layout.Window], ecx))
        {
            Given = m =>
            {
                m.SetWindow(Layout.Frame | Present | User);
                m.State.Cr0 |= 0x1_0000;
            },
            Fault = Vector.PageFault, Error = 3, Then = m => Assert.Equal(0UL, m.Window() & Dirty),
        };
        yield return new($"a load that finds its page absent has accessed the table, {mode}", mode, c => c.mov(ecx, __[Layout.Window]))
        {
            Given = m => m.SetWindow(0), Fault = Vector.PageFault, Error = 0, Then = m => Assert.Equal(Accessed, m.Window(2) & Accessed),
        };
        yield return new($"a store that crosses into an absent page stores nothing, {mode}", mode, c => c.mov(__[Layout.Window + 0xFFE], ecx))
        {
            Rcx = 0x1234_5678, Fault = Vector.PageFault, Error = 2,
            Then = m =>
            {
                Assert.Equal(Layout.Window + 0x1000UL, m.State.Cr2);
                Assert.Equal(Layout.Mark, m.Read<ushort>(Layout.Frame + 0xFFEUL));
            },
        };
        yield return new($"a page that becomes present needs no flush, {mode}", mode, c =>
        {
            c.mov(__dword_ptr[entry], (int)(Layout.OtherFrame | PageTables.All));
            c.mov(ecx, __[Layout.Window]);
        })
        {
            Given = m =>
            {
                m.SetWindow(0);
                m.Write(Layout.OtherFrame, 0x5555U);
            },
            Then = m => Assert.Equal(0x5555UL, m.Rcx),
        };
        yield return new($"INVLPG takes the new mapping, {mode}", mode, c =>
        {
            c.mov(ecx, __[Layout.Window]);
            c.mov(__dword_ptr[entry], (int)(Layout.OtherFrame | PageTables.All));
            c.invlpg(__[Layout.Window]);
            c.mov(ecx, __[Layout.Window]);
        })
        {
            Given = m => m.Write(Layout.OtherFrame, 0x5555U), Then = m => Assert.Equal(0x5555UL, m.Rcx),
        };
        yield return new($"INVLPG takes the new mapping of code, {mode}", mode, c =>
        {
            var again = c.CreateLabel();
            if (mode.Is64Bit())
                c.mov(rax, (ulong)Layout.Window);
            else
                c.mov(eax, Layout.Window);
            c.Label(ref again);
            if (mode.Is64Bit())
                c.call(rax);
            else
                c.call(eax);
            c.mov(__dword_ptr[entry], (int)(Layout.OtherFrame | PageTables.All));
            c.invlpg(__[Layout.Window]);
            c.jmp(again);
        })
        {
            Lands = Layout.Window,
            Given = m =>
            {
                m.Write(Layout.Frame, (byte)0xC3);
                m.Write(Layout.OtherFrame, Layout.Mark);
            },
        };
        yield return new($"MOV to CR3 takes the new mapping, {mode}", mode, c =>
        {
            c.mov(ecx, __[Layout.Window]);
            c.mov(__dword_ptr[entry], (int)(Layout.OtherFrame | PageTables.All));
            if (mode.Is64Bit())
            {
                c.mov(rax, cr3);
                c.mov(cr3, rax);
            }
            else
            {
                c.mov(eax, cr3);
                c.mov(cr3, eax);
            }
            c.mov(ecx, __[Layout.Window]);
        })
        {
            Given = m => m.Write(Layout.OtherFrame, 0x5555U), Then = m => Assert.Equal(0x5555UL, m.Rcx),
        };
        yield return new($"changing CR4.PGE drops global pages, {mode}", mode, c =>
        {
            c.mov(ecx, __[Layout.Window]);
            c.mov(__dword_ptr[entry], (int)(Layout.OtherFrame | PageTables.All));
            if (mode.Is64Bit())
            {
                c.mov(rax, cr4);
                c.xor(rax, 0x80);
                c.mov(cr4, rax);
            }
            else
            {
                c.mov(eax, cr4);
                c.xor(eax, 0x80);
                c.mov(cr4, eax);
            }
            c.mov(ecx, __[Layout.Window]);
        })
        {
            Given = m =>
            {
                m.State.Cr4 |= 0x80;
                m.SetWindow(Layout.Frame | PageTables.All | Global);
                m.Write(Layout.OtherFrame, 0x5555U);
            },
            Then = m => Assert.Equal(0x5555UL, m.Rcx),
        };
        yield return new($"setting CR0.WP protects a page that has just been written, {mode}", mode, c =>
        {
            c.mov(__[Layout.Window], ecx);
            if (mode.Is64Bit())
            {
                c.mov(rax, cr0);
                c.or(rax, 0x1_0000);
                c.mov(cr0, rax);
            }
            else
            {
                c.mov(eax, cr0);
                c.or(eax, 0x1_0000);
                c.mov(cr0, eax);
            }
            c.mov(__[Layout.Window], ecx);
        })
        {
            Given = m => m.SetWindow(Layout.Frame | Present | User), Fault = Vector.PageFault, Error = 3,
        };
    }
}
