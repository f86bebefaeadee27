using Ringmaster.Conformance.Tests.Harness;
using Ringmaster.Cpu.State;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Conformance.Tests.Privileged;

/// <summary>MOV, POP and PUSH of segment registers, and far pointer loads (SDM 3A 5.4 to 5.7).</summary>
public sealed class SegmentLoadingTests
{
    private static readonly CaseTable s_cases = new()
    {
        new("DS takes a data segment", GuestMode.Kernel32, c => c.mov(ds, eax))
        {
            Rax = Selectors.SmallData,
            Then = m =>
            {
                Assert.Equal(Selectors.SmallData, m.State.Ds.Selector);
                Assert.Equal(Layout.Data, m.State.Ds.Base);
                Assert.Equal(0xFFFU, m.State.Ds.Limit);
            },
        },
        new("loading a segment sets its accessed bit", GuestMode.Kernel32, c => c.mov(es, eax))
        {
            Rax = Selectors.SmallData,
            Then = m => Assert.Equal(0x93, m.Read<byte>(Layout.Gdt + Selectors.SmallData + 5UL)),
        },
        new("a page-granular limit counts 4 KiB", GuestMode.Kernel32, c => c.mov(ds, eax))
        {
            Rax = Selectors.Data, Then = m => Assert.Equal(uint.MaxValue, m.State.Ds.Limit),
        },
        new("DS takes a null selector and cannot be used", GuestMode.Kernel32, c => c.mov(ds, eax))
        {
            Rax = 3, Then = m => Assert.True(m.State.Ds.Attributes.IsUnusable),
        },
        new("SS refuses a null selector in 32-bit mode", GuestMode.Kernel32, c => c.mov(ss, eax))
        {
            Fault = Vector.GeneralProtection, Error = 0,
        },
        new("SS takes a null selector in 64-bit kernel code", GuestMode.Kernel64, c => c.mov(ss, eax))
        {
            Then = m => Assert.Equal(0, m.State.PrivilegeLevel),
        },
        new("SS refuses a null selector of another RPL in 64-bit mode", GuestMode.Kernel64, c => c.mov(ss, eax))
        {
            Rax = 1, Fault = Vector.GeneralProtection, Error = 0,
        },
        new("SS refuses a null selector in 64-bit user code", GuestMode.User64, c => c.mov(ss, eax))
        {
            Rax = 3, Fault = Vector.GeneralProtection, Error = 0,
        },
        new("a selector beyond the table is refused by name", GuestMode.Kernel32, c => c.mov(ds, eax))
        {
            Rax = Selectors.BeyondTable | 1, Fault = Vector.GeneralProtection, Error = Selectors.BeyondTable,
        },
        new("DS refuses execute-only code", GuestMode.Kernel32, c => c.mov(ds, eax))
        {
            Rax = Selectors.ExecuteOnly, Fault = Vector.GeneralProtection, Error = Selectors.ExecuteOnly,
        },
        new("DS takes readable code", GuestMode.Kernel32, c => c.mov(ds, eax))
        {
            Rax = Selectors.Code32, Then = m => Assert.True(m.State.Ds.Attributes.IsCode),
        },
        new("DS refuses a system segment", GuestMode.Kernel32, c => c.mov(ds, eax))
        {
            Rax = Selectors.Ldt, Fault = Vector.GeneralProtection, Error = Selectors.Ldt,
        },
        new("an absent data segment raises #NP", GuestMode.Kernel32, c => c.mov(fs, eax))
        {
            Rax = Selectors.AbsentData, Fault = Vector.SegmentNotPresent, Error = Selectors.AbsentData,
        },
        new("an absent stack segment raises #SS", GuestMode.Kernel32, c => c.mov(ss, eax))
        {
            Rax = Selectors.AbsentData, Fault = Vector.StackFault, Error = Selectors.AbsentData,
        },
        new("SS refuses read-only data", GuestMode.Kernel32, c => c.mov(ss, eax))
        {
            Rax = Selectors.ReadOnlyData, Fault = Vector.GeneralProtection, Error = Selectors.ReadOnlyData,
        },
        new("SS refuses another RPL than the CPL", GuestMode.Kernel32, c => c.mov(ss, eax))
        {
            Rax = Selectors.Data | 3, Fault = Vector.GeneralProtection, Error = Selectors.Data,
        },
        new("SS refuses another DPL than the CPL", GuestMode.Kernel32, c => c.mov(ss, eax))
        {
            Rax = Selectors.UserData, Fault = Vector.GeneralProtection, Error = Selectors.UserData,
        },
        new("user code cannot load kernel data", GuestMode.User32, c => c.mov(ds, eax))
        {
            Rax = Selectors.Data, Fault = Vector.GeneralProtection, Error = Selectors.Data,
        },
        new("user code can read conforming code", GuestMode.User32, c => c.mov(ds, eax))
        {
            Rax = Selectors.Conforming32, Then = m => Assert.Equal(Selectors.Conforming32, m.State.Ds.Selector),
        },
        new("a weak RPL keeps kernel code from kernel data", GuestMode.Kernel32, c => c.mov(ds, eax))
        {
            Rax = Selectors.Data | 3, Fault = Vector.GeneralProtection, Error = Selectors.Data,
        },
        new("a selector can name the local table", GuestMode.Kernel32, c => c.mov(gs, eax))
        {
            Rax = Selectors.LocalData, Then = m => Assert.Equal(uint.MaxValue, m.State.Gs.Limit),
        },
        new("without a local table its selectors are refused", GuestMode.Kernel32, c => c.mov(gs, eax))
        {
            Rax = Selectors.LocalData, Given = m => m.State.Ldtr = m.State.Ldtr with { Attributes = SegmentAttributes.Unusable },
            Fault = Vector.GeneralProtection, Error = Selectors.LocalData,
        },
        new("an unmapped descriptor table raises #PF", GuestMode.Kernel64, c => c.mov(ds, eax))
        {
            Rax = Selectors.LocalData, Given = m => m.SetPage(Layout.Ldt, 1), Fault = Vector.PageFault, Error = 0,
            Then = m => Assert.Equal(Layout.Ldt + 8UL, m.State.Cr2),
        },
        new("user code reads a supervisor descriptor table", GuestMode.User64, c => c.mov(ds, eax))
        {
            Rax = Selectors.UserData | 3, Given = m => m.SetPage(Layout.Gdt, 4),
        },
        new("MOV CS is undefined", GuestMode.Kernel32, c => c.db(0x8E, 0xC8)) { Fault = Vector.InvalidOpcode },
        new("LSS loads SS and the offset", GuestMode.Kernel32, c => c.lss(eax, __[Layout.Data]))
        {
            Given = m =>
            {
                m.Write(Layout.Data, 0x1234_5678U);
                m.Write(Layout.Data + 4UL, Selectors.Data);
            },
            Then = m =>
            {
                Assert.Equal(0x1234_5678UL, m.Rax);
            },
        },
        new("LFS keeps its register if the selector is refused", GuestMode.Kernel32, c => c.lfs(eax, __[Layout.Data]))
        {
            Rax = 7, Given = m => m.Write(Layout.Data + 4UL, Selectors.AbsentData),
            Fault = Vector.SegmentNotPresent, Error = Selectors.AbsentData, Then = m => Assert.Equal(7UL, m.Rax),
        },
        new("a real-mode load keeps the limit", GuestMode.Real, c => c.mov(ds, ax))
        {
            Rax = 0x1234, Given = m => m.State.Ds = m.State.Ds with { Limit = uint.MaxValue },
            Then = m =>
            {
                Assert.Equal(0x1_2340UL, m.State.Ds.Base);
                Assert.Equal(uint.MaxValue, m.State.Ds.Limit);
            },
        },
        new("a virtual-8086 load sets a limit of 64 KiB", GuestMode.Virtual8086, c => c.mov(ds, ax))
        {
            Rax = 0x1234, Given = m => m.State.Ds = m.State.Ds with { Limit = uint.MaxValue },
            Then = m => Assert.Equal(new Segment(0x1234, 0x1_2340, 0xFFFF, new SegmentAttributes(0xF3)), m.State.Ds),
        },
        new("PUSH FS stores a zero-extended selector in 64-bit mode", GuestMode.Kernel64, c => c.push(fs))
        {
            Given = m => m.Write(Layout.KernelStack - 8UL, ulong.MaxValue),
            Then = m => Assert.Equal([Selectors.Data], m.Frame(1, 8)),
        },
        new("AMD pushes a selector with zeros above", GuestMode.Kernel32, c => c.push(ds))
        {
            Given = m => m.Write(Layout.KernelStack - 4UL, uint.MaxValue), Then = m => Assert.Equal([Selectors.Data], m.Frame(1, 4)),
        },
        new("Intel leaves the slot's upper half alone", GuestMode.Kernel32, c => c.push(ds))
        {
            Intel = true, Given = m => m.Write(Layout.KernelStack - 4UL, uint.MaxValue),
            Then = m => Assert.Equal([0xFFFF_0000UL | Selectors.Data], m.Frame(1, 4)),
        },
        new("POP of a refused selector keeps the stack pointer", GuestMode.Kernel32, c => c.pop(ds))
        {
            Given = m => m.Push(4, Selectors.AbsentData), Fault = Vector.SegmentNotPresent, Error = Selectors.AbsentData,
            Then = m => Assert.Equal(Layout.KernelStack - 4UL, m.Pushed().Rsp),
        },
        new("FS loads a 32-bit base in 64-bit mode", GuestMode.Kernel64, c => c.mov(fs, eax))
        {
            Rax = Selectors.SmallData, Given = m => m.State.Fs = m.State.Fs with { Base = 0x1234_5678_9ABC },
            Then = m => Assert.Equal(Layout.Data, m.State.Fs.Base),
        },
        new("a null selector clears the base of FS", GuestMode.Kernel64, c => c.mov(fs, eax))
        {
            Given = m => m.State.Fs = m.State.Fs with { Base = 0x1234_5678_9ABC }, Then = m => Assert.Equal(0UL, m.State.Fs.Base),
        },
        new("MOV to memory stores 16 bits", GuestMode.Kernel32, c => c.mov(__word_ptr[Layout.Data], ds))
        {
            Given = m => m.Write(Layout.Data, uint.MaxValue), Then = m => Assert.Equal(0xFFFF_0000 | Selectors.Data, m.Read<uint>(Layout.Data)),
        },
        new("MOV to a register zero-extends", GuestMode.Kernel64, c => c.mov(rax, ds))
        {
            Rax = ulong.MaxValue, Then = m => Assert.Equal((ulong)Selectors.Data, m.Rax),
        },
    };

    public static TheoryData<string, string> Rows => s_cases.Rows;

    [Theory]
    [MemberData(nameof(Rows))]
    public void Holds(string engine, string name) => s_cases.Run(engine, name);
}
