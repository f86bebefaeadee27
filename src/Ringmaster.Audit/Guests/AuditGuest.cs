using System.Buffers.Binary;
using Ringmaster.Cpu.State;

namespace Ringmaster.Audit.Guests;

/// <summary>Memory and registers of a system in 64-bit mode, about to execute an instruction of the audit.</summary>
internal sealed class AuditGuest
{
    // The vectors that user mode may raise by INT n.
    private const int SystemCall = 0x80, End = 0x81;

    /// <summary>CR0 at the start: PG, WP, NE, ET, TS, MP and PE. TS, so that it differs from the host's.</summary>
    internal const ulong InitialCr0 = 0x8001_003B;

    /// <summary>IA32_KERNEL_GS_BASE at the start.</summary>
    internal const ulong KernelGsBase = 0x1234_5000;

    /// <summary>IA32_EFER at the start: LMA, LME and SCE.</summary>
    internal const ulong InitialEfer = 0x501;

    private readonly byte[] _memory = new byte[AuditLayout.MemorySize];

    internal AuditGuest(AuditedInstruction instruction, PrivilegeLevel level)
    {
        Code = AssembledInstruction.Of(instruction, AuditLayout.Code);
        Code.Bytes.CopyTo(_memory, (int)AuditLayout.Code);
        WriteEnd((int)AuditLayout.Code + Code.Bytes.Length);
        BuildSegments();
        BuildHandlers();
        // Present, writable, for user mode; the last entry a page of 2 MiB (SDM 3A 4.5).
        Write(AuditLayout.Pml4, AuditLayout.PageDirectoryPointers | 7);
        Write(AuditLayout.PageDirectoryPointers, AuditLayout.PageDirectory | 7);
        Write(AuditLayout.PageDirectory, 0x87);
        State = InitialState(level);
        instruction.Given?.Invoke(State);
    }

    /// <summary>Guest-physical memory from address 0.</summary>
    internal ReadOnlySpan<byte> Memory => _memory;

    /// <summary>The registers before.</summary>
    internal CpuState State { get; }

    /// <summary>What it executes, from <see cref="AuditLayout.Code"/> on.</summary>
    internal AssembledInstruction Code { get; }

    private void BuildSegments()
    {
        ReadOnlySpan<(ushort Selector, ulong Descriptor)> segments =
        [
            (AuditSelectors.KernelCode, 0x00AF_9B00_0000_FFFF), (AuditSelectors.KernelData, 0x00CF_9300_0000_FFFF),
            (AuditSelectors.UserCode, 0x00AF_FB00_0000_FFFF), (AuditSelectors.UserData, 0x00CF_F300_0000_FFFF),
            (AuditSelectors.HalfData, 0x00D7_F300_0000_FFFF), (AuditSelectors.SecretData, 0x00CF_9300_0000_FFFF),
            (AuditSelectors.Tss, System(AuditLayout.Tss, AuditLayout.TssLimit, 0x8B)), (AuditSelectors.Ldt, System(AuditLayout.Ldt, 0xFF, 0x82)),
            (AuditSelectors.OtherTss, System(AuditLayout.OtherTss, 0x67, 0x89)),
            (AuditSelectors.CallGate, Gate(AuditLayout.GateTarget, type: 0xC, level: 3)),
        ];
        foreach (var (selector, descriptor) in segments)
            Write(AuditLayout.Gdt + (selector & 0xFFF8U), descriptor);
        // RSP0, and an I/O map beyond the limit, which opens no port to user mode (SDM 1 19.5.2).
        Write(AuditLayout.Tss + 4, AuditLayout.TrapStack);
        BinaryPrimitives.WriteUInt16LittleEndian(_memory.AsSpan((int)AuditLayout.Tss + 102), AuditLayout.TssLimit + 1);
        // What the gate leads to: MOV EAX, CS, and the end.
        _memory[AuditLayout.GateTarget] = 0x8C;
        _memory[AuditLayout.GateTarget + 1] = 0xC8;
        WriteEnd((int)AuditLayout.GateTarget + 2);
    }

    private void BuildHandlers()
    {
        for (var vector = 0; vector < 256; vector++)
        {
            Write(AuditLayout.Idt + (uint)vector * 16, Gate(AuditLayout.Handler(vector), type: 0xE, level: vector is SystemCall or End ? 3u : 0));
            _memory[AuditLayout.Handler(vector)] = 0xE6;
            _memory[AuditLayout.Handler(vector) + 1] = (byte)vector;
        }
        // OUT EEh, EAX: four bytes, which no other handler writes.
        _memory[AuditLayout.Handler(End)] = 0xE7;
        _memory[AuditLayout.Handler(End) + 1] = AuditLayout.EndPort;
    }

    private static CpuState InitialState(PrivilegeLevel level)
    {
        var isUser = level == PrivilegeLevel.User;
        var state = CpuState.PowerUp(0);
        state.Cs = new(isUser ? AuditSelectors.UserCode : AuditSelectors.KernelCode, 0, uint.MaxValue, new SegmentAttributes(0xA09B).WithPrivilegeLevel((int)level));
        var data = new Segment(isUser ? AuditSelectors.UserData : AuditSelectors.KernelData, 0, uint.MaxValue, new SegmentAttributes(0xC093).WithPrivilegeLevel((int)level));
        (state.Ss, state.Ds, state.Es, state.Fs, state.Gs) = (data, data, data, data, data);
        state.Gs = new(AuditSelectors.HalfData, 0, 0x7FFF_FFFF, new SegmentAttributes(0xD0F3));
        state.Tr = new(AuditSelectors.Tss, AuditLayout.Tss, AuditLayout.TssLimit, new SegmentAttributes(0x8B));
        state.Ldtr = new(AuditSelectors.Ldt, AuditLayout.Ldt, 0xFF, new SegmentAttributes(0x82));
        state.Gdtr = new(AuditLayout.Gdt, AuditLayout.GdtLimit);
        state.Idtr = new(AuditLayout.Idt, AuditLayout.IdtLimit);
        state.Cr0 = InitialCr0;
        state.Cr3 = AuditLayout.Pml4;
        // PAE and OSFXSR.
        state.Cr4 = 0x220;
        state.Msr.Efer = InitialEfer;
        // SYSRET loads CS with the selector 10h above the one in the upper bits, at level 3 (APM 2 6.1.1).
        state.Msr.Star = (ulong)AuditSelectors.KernelCode << 48 | (ulong)AuditSelectors.KernelCode << 32;
        state.Msr.KernelGsBase = KernelGsBase;
        state.Fpu = FpuState.Initial;
        state.Rip = AuditLayout.Code;
        state.Registers[4] = isUser ? AuditLayout.UserStack : AuditLayout.KernelStack;
        state.Registers[7] = AuditLayout.Data;
        return state;
    }

    /// <summary>INT 81h, at whatever level: only the kernel may write ports.</summary>
    private void WriteEnd(int at)
    {
        _memory[at] = 0xCD;
        _memory[at + 1] = End;
    }

    /// <summary>A system descriptor's low half; the high half is zero (SDM 3A 7.2.3).</summary>
    private static ulong System(uint start, uint limit, uint type) => limit | (ulong)start << 16 | (ulong)type << 40;

    /// <summary>A gate's low half (SDM 3A 5.8.3.1, 6.14.1).</summary>
    private static ulong Gate(uint target, uint type, uint level) =>
        (target & 0xFFFF) | (ulong)AuditSelectors.KernelCode << 16 | (ulong)(0x80 | level << 5 | type) << 40 | (ulong)(target >> 16) << 48;

    private void Write(uint at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(_memory.AsSpan((int)at), value);
}
