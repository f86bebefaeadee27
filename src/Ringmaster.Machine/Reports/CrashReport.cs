using System.Globalization;
using System.Text;
using Ringmaster.Cpu;
using Ringmaster.Cpu.Paging;
using Ringmaster.Cpu.State;
using Ringmaster.Memory;

namespace Ringmaster.Machine.Reports;

/// <summary>The report on a guest that has crashed beyond recovery: registers, code, stack, and how the fault address translates.</summary>
internal sealed class CrashReport
{
    private const int CodeBytes = 32, CodeBefore = 16, StackWords = 8;

    private static readonly string[] s_registerNames =
        ["RAX", "RCX", "RDX", "RBX", "RSP", "RBP", "RSI", "RDI", "R8 ", "R9 ", "R10", "R11", "R12", "R13", "R14", "R15"];

    private readonly StringBuilder _text = new();
    private readonly CpuState _state;
    private readonly GuestMemory _memory;
    private readonly IVirtualCpu _vcpu;
    private readonly PagingCapabilities _capabilities;

    private CrashReport(IVirtualCpu vcpu, GuestMemory memory, PagingCapabilities capabilities)
    {
        _vcpu = vcpu;
        _state = StateOf(vcpu);
        _memory = memory;
        _capabilities = capabilities;
    }

    /// <summary>Writes the report.</summary>
    /// <param name="vcpus">All vCPUs; none of them runs.</param>
    /// <param name="crashed">The one that shut down.</param>
    /// <param name="memory">The guest's RAM.</param>
    /// <param name="capabilities">What the CPU model fixes about paging.</param>
    public static string Write(IReadOnlyList<IVirtualCpu> vcpus, VcpuIndex crashed, GuestMemory memory, PagingCapabilities capabilities)
    {
        var report = new CrashReport(vcpus[crashed.Value], memory, capabilities);
        report.WriteAll();
        foreach (var other in vcpus.Where(vcpu => vcpu.Index != crashed))
            report.Other(other);
        return report._text.ToString();
    }

    private static CpuState StateOf(IVirtualCpu vcpu)
    {
        var state = new CpuState();
        vcpu.Export(state);
        return state;
    }

    private void WriteAll()
    {
        Line($"CPU {_vcpu.Index} {(_vcpu.Failure is null ? "had a triple fault" : "has stopped")} in {ModeOf(_state)}, privilege level {_state.PrivilegeLevel}.");
        if (_vcpu.Failure is { } failure)
            Line($"{failure}");
        Registers();
        Segments();
        Line($"CR0={_state.Cr0:x8} CR2={_state.Cr2:x16} CR3={_state.Cr3:x16} CR4={_state.Cr4:x8} EFER={_state.Msr.Efer:x}");
        var code = _state.Cs.Base + _state.Rip;
        Bytes("code ", new LinearAddress(code - CodeBefore), CodeBytes, CodeBefore);
        Stack();
        Walk("RIP", new LinearAddress(code));
        Walk("CR2", new LinearAddress(_state.Cr2));
    }

    private void Other(IVirtualCpu vcpu)
    {
        var state = StateOf(vcpu);
        var doing = state.Activity switch
        {
            ActivityState.Running => "was running",
            ActivityState.Halted => "was halted",
            ActivityState.WaitForStartup => "waited for its start-up",
            _ => "had shut down, too",
        };
        Line(state.Activity == ActivityState.WaitForStartup
            ? $"CPU {vcpu.Index} {doing}."
            : $"CPU {vcpu.Index} {doing} in {ModeOf(state)}, privilege level {state.PrivilegeLevel}: CS={state.Cs.Selector:x4} RIP={state.Rip:x16} RSP={state.Registers[4]:x16} CR3={state.Cr3:x16}");
    }

    private static string ModeOf(CpuState state) =>
        (state.Cr0 & 1) == 0 ? "real mode"
        : (state.Rflags & 0x2_0000) != 0 ? "virtual-8086 mode"
        : (state.Msr.Efer & 0x400) == 0 ? $"{(state.Cs.Attributes.IsBig ? 32 : 16)}-bit protected mode"
        : state.Cs.Attributes.IsLong ? "64-bit mode" : "compatibility mode";

    private void Registers()
    {
        for (var i = 0; i < 16; i += 4)
            Line(string.Join(' ', Enumerable.Range(i, 4).Select(r => $"{s_registerNames[r]}={_state.Registers[r]:x16}")));
        Line($"RIP={_state.Rip:x16} RFLAGS={_state.Rflags:x8}");
    }

    private void Segments()
    {
        foreach (var (name, segment) in new[]
        {
            ("CS", _state.Cs), ("SS", _state.Ss), ("DS", _state.Ds), ("ES", _state.Es), ("FS", _state.Fs), ("GS", _state.Gs),
            ("TR", _state.Tr), ("LD", _state.Ldtr),
        })
            Line($"{name}={segment.Selector:x4} base={segment.Base:x16} limit={segment.Limit:x8} rights={segment.Attributes.Value:x5}");
        Line($"GDT base={_state.Gdtr.Base:x16} limit={_state.Gdtr.Limit:x4}  IDT base={_state.Idtr.Base:x16} limit={_state.Idtr.Limit:x4}");
    }

    private void Bytes(string name, LinearAddress start, int count, int marked)
    {
        var bytes = Enumerable.Range(0, count).Select(i => (Value: ByteAt(start.Value + (ulong)i), Index: i));
        Line($"{name}{string.Join(' ', bytes.Select(b => (b.Index == marked ? "<" : "") + (b.Value is { } v ? v.ToString("x2", CultureInfo.InvariantCulture) : "??") + (b.Index == marked ? ">" : "")))}");
    }

    private void Stack()
    {
        var start = _state.Ss.Base + _state.Registers[4];
        var width = _state.Cs.Attributes.IsLong ? 8 : 4;
        var words = Enumerable.Range(0, StackWords).Select(i => Word(start + (ulong)(i * width), width));
        Line($"stack {string.Join(' ', words)}");
    }

    private string Word(ulong linear, int width)
    {
        var text = new StringBuilder();
        for (var i = width - 1; i >= 0; i--)
            text.Append(ByteAt(linear + (ulong)i) is { } value ? value.ToString("x2", CultureInfo.InvariantCulture) : "??");
        return text.ToString();
    }

    private byte? ByteAt(ulong linear) =>
        _vcpu.Translate(new LinearAddress(linear)) is { } address && _memory.TryRead(address, out byte value) ? value : null;

    private void Walk(string name, LinearAddress address)
    {
        var record = new PageWalkRecord();
        var context = new PagingContext(_state, _capabilities);
        var translation = PageWalk.Probe(_memory, context, address, PageAccess.SupervisorRead, ref record);
        var steps = Enumerable.Range(0, record.Count).Select(i => record[i]).Select(s => $"{s.Address}: {s.Entry:x16}");
        var outcome = translation.IsFault ? $"page fault, error code {(uint)translation.Error:x}" : $"physical {translation.Address}";
        Line($"{name} {address}: {string.Join(" > ", steps.Append(outcome))}");
    }

    private void Line(FormattableString text) => _text.AppendLine(text.ToString(CultureInfo.InvariantCulture));

    private void Line(string text) => _text.AppendLine(text);
}
