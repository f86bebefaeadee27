using Ringmaster.Conformance.Tests.Harness;
using Ringmaster.Cpu.Exits;
using Ringmaster.Memory;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Conformance.Tests.Instructions;

/// <summary>String instructions that stop in the middle, and go on from there (SDM 1 7.3.9.2, SDM 2B REP).</summary>
public sealed class StringTests
{
    private static readonly CaseTable s_cases = new()
    {
        new("REP MOVS stops at a page that is absent, with what is left", GuestMode.User64, c => c.rep.movsb())
        {
            Rcx = 0x20, Given = m => Point(m, Layout.Data, Layout.Window + 0xFF0), Fault = Vector.PageFault, Error = 6,
            Then = m =>
            {
                Assert.Equal((0x10UL, Layout.Data + 0x10UL, Layout.Window + 0x1000UL), (m.Rcx, m.State.Registers[6], m.State.Registers[7]));
                Assert.Equal(Layout.Window + 0x1000UL, m.State.Cr2);
                Assert.Equal(0x1_0000UL, m.Pushed().Flags & 0x1_0000);
            },
        },
        new("REP MOVS of doublewords that stops in the middle of one keeps it whole", GuestMode.User64, c => c.rep.movsd())
        {
            Rcx = 8, Given = m => Point(m, Layout.Data, Layout.Window + 0xFF2), Fault = Vector.PageFault, Error = 6,
            Then = m => Assert.Equal((5UL, Layout.Window + 0xFFEUL), (m.Rcx, m.State.Registers[7])),
        },
        new("REP MOVS whose source ends faults with a load", GuestMode.User64, c => c.rep.movsb())
        {
            Rcx = 0x20, Given = m => Point(m, Layout.Window + 0xFF0, Layout.Data), Fault = Vector.PageFault, Error = 4,
            Then = m => Assert.Equal(0x10UL, m.Rcx),
        },
        new("REP STOS backwards stops at the page below", GuestMode.User64, c => c.rep.stosb())
        {
            Rcx = 0x20,
            Given = m =>
            {
                Point(m, 0, Layout.Window + 0xF);
                m.State.Rflags |= 0x400;
            },
            Fault = Vector.PageFault, Error = 6, Then = m => Assert.Equal((0x10UL, Layout.Window - 1UL), (m.Rcx, m.State.Registers[7])),
        },
        new("REP that makes pauses goes on with itself, not with the branch behind it", GuestMode.Kernel64, c =>
        {
            var again = c.CreateLabel();
            c.mov(ebx, 2);
            c.mov(edx, 0x1800);
            c.Label(ref again);
            c.inc(edi);
            c.mov(ecx, edx);
            c.mov(esi, (int)Layout.LowMarks);
            c.rep.lodsb();
            c.add(edx, edx);
            c.dec(ebx);
            c.jne(again);
        })
        {
            Given = m => Point(m, 0, 0),
            Then = m => Assert.Equal((0UL, Layout.LowMarks + 0x3000UL, 2UL), (m.Rcx, m.State.Registers[6], m.State.Registers[7])),
        },
        new("REP with a count of zero touches nothing", GuestMode.User64, c => c.rep.stosb()) { Given = m => Point(m, 0, 0x8000_0000_0000) },
        new("REP with 32-bit addresses counts ECX", GuestMode.User64, c => c.db(0x67, 0xF3, 0xAA))
        {
            Rcx = 0xFFFF_FFFF_0000_0002, Given = m => Point(m, 0, 0xFFFF_FFFF_0000_0000 | Layout.Data),
            Then = m => Assert.Equal((0UL, Layout.Data + 2UL), (m.Rcx, m.State.Registers[7])),
        },
        new("REP with 16-bit addresses counts CX and keeps the rest", GuestMode.Real, c => c.rep.stosb())
        {
            Rcx = 0xABCD_0002, Given = m => Point(m, 0, 0x1234_0010),
            Then = m => Assert.Equal((0xABCD_0000UL, 0x1234_0012UL), (m.Rcx, m.State.Registers[7])),
        },
        new("REPE CMPS stops at the first difference with its flags", GuestMode.Kernel64, c => c.repe.cmpsb())
        {
            Rcx = 4,
            Given = m =>
            {
                Point(m, Layout.Data, Layout.Data + 0x100);
                m.Write(Layout.Data, 0x04030201U);
                m.Write(Layout.Data + 0x100UL, 0x04040201U);
            },
            Then = m => Assert.Equal((1UL, 0x81UL), (m.Rcx, m.State.Rflags & 0xC1)),
        },
        new("REPNE SCAS stops behind what it seeks", GuestMode.Kernel64, c => c.repne.scasb())
        {
            Rcx = 9, Rax = 3,
            Given = m =>
            {
                Point(m, 0, Layout.Data);
                m.Write(Layout.Data, 0x04030201U);
            },
            Then = m => Assert.Equal((6UL, Layout.Data + 3UL), (m.Rcx, m.State.Registers[7])),
        },
        new("a CMPS that faults keeps the flags of the repetition before", GuestMode.User64, c => c.repe.cmpsb())
        {
            Rcx = 4, Given = m => Point(m, Layout.Window + 0xFFE, Layout.Window + 0xFFE), Fault = Vector.PageFault, Error = 4,
            Then = m => Assert.Equal((2UL, 0x40UL), (m.Rcx, m.Pushed().Flags & 0x40)),
        },
        new("REP INS asks the port once for each repetition", GuestMode.Kernel64, c => c.rep.insb())
        {
            Rcx = 3, Rdx = 0x123,
            Given = m =>
            {
                Point(m, 0, Layout.Data);
                foreach (var value in (ReadOnlySpan<ulong>)[0x11, 0x22, 0x33])
                    m.Answers.Enqueue(ExitAnswer.Value(value));
            },
            Then = m =>
            {
                Assert.Equal(3, m.Exits.Count);
                Assert.Equal(0x332211U, m.Read<uint>(Layout.Data));
            },
        },
        new("REP INS to an absent page does not ask the port", GuestMode.Kernel64, c => c.rep.insb())
        {
            Rcx = 3, Rdx = 0x123, Given = m => Point(m, 0, Layout.Window + 0x1000), Fault = Vector.PageFault, Error = 2, Then = m => Assert.Empty(m.Exits),
        },
        new("REP INS stops between ports and memory", GuestMode.Kernel64, c => c.rep.insb())
        {
            Rcx = 3, Rdx = 0x123, Given = m => Point(m, 0, Layout.Window + 0xFFF), Fault = Vector.PageFault, Error = 2,
            Then = m => Assert.Equal((1, 2UL), (m.Exits.Count, m.Rcx)),
        },
        new("REP OUTS writes each element in order", GuestMode.Kernel64, c => c.rep.outsb())
        {
            Rcx = 2, Rdx = 0x123,
            Given = m =>
            {
                Point(m, Layout.Data, 0);
                m.Write(Layout.Data, (ushort)0x2211);
            },
            Then = m => Assert.Equal([VmExit.PortWrite(new IoPort(0x123), 1, 0x11), VmExit.PortWrite(new IoPort(0x123), 1, 0x22)], m.Exits),
        },
        new("OUTS to a forbidden port is refused before its memory is read", GuestMode.User64, c => c.outsb())
        {
            Rdx = 8, Given = m => Point(m, Layout.Window + 0x1000, 0), Fault = Vector.GeneralProtection, Error = 0,
        },
        new("MOVS across a device asks it once for each element", GuestMode.Kernel64, c => c.rep.movsd())
        {
            Rcx = 2,
            Given = m =>
            {
                m.SetWindow(0x30_0000 | PageTables.All);
                Point(m, Layout.Window, Layout.Data);
                m.Answers.Enqueue(ExitAnswer.Value(0x1111));
                m.Answers.Enqueue(ExitAnswer.Value(0x2222));
            },
            Then = m => Assert.Equal((2, 0x2222_0000_1111UL), (m.Exits.Count, m.Read<ulong>(Layout.Data))),
        },
        new("MOVS takes a segment prefix for its source only", GuestMode.Kernel64, c => c.db(0x64, 0xA4))
        {
            Given = m =>
            {
                Point(m, 4, Layout.Data + 0x100);
                m.State.Fs = m.State.Fs with { Base = Layout.Data };
                m.Write(Layout.Data + 4UL, (byte)0x77);
            },
            Then = m => Assert.Equal(0x77, m.Read<byte>(Layout.Data + 0x100UL)),
        },
        new("STOS beyond ES raises #GP", GuestMode.Kernel32, c => c.stosd())
        {
            Given = m =>
            {
                Point(m, 0, Layout.Data);
                m.State.Es = m.State.Es with { Limit = 0xFFF };
            },
            Fault = Vector.GeneralProtection, Error = 0,
        },
        new("a page fault's way back lets the string go on", GuestMode.Kernel64, c => c.rep.stosb())
        {
            Rcx = 0x20,
            Given = m =>
            {
                Point(m, 0, Layout.Window + 0xFF0);
                // The handler maps the second page, drops the error code and returns.
                m.SetGate(14, Selectors.Code64, Layout.Target + 0x100, 0xE);
                m.Write(Layout.Target + 0x100UL, [0xC7, 0x04, 0x25, 0x08, 0x50, 0x10, 0x00, 0x07, 0x00, 0x06, 0x00, 0x48, 0x83, 0xC4, 0x08, 0x48, 0xCF]);
            },
            Then = m => Assert.Equal((0UL, Layout.Window + 0x1010UL), (m.Rcx, m.State.Registers[7])),
        },
    };

    public static TheoryData<string, string> Rows => s_cases.Rows;

    [Theory]
    [MemberData(nameof(Rows))]
    public void Holds(string engine, string name) => s_cases.Run(engine, name);

    private static void Point(Guest guest, ulong source, ulong destination) =>
        (guest.State.Registers[6], guest.State.Registers[7]) = (source, destination);
}
