using System.Buffers.Binary;
using System.Collections.Frozen;
using Iced.Intel;
using Ringmaster.Coverage.Tests.Instructions;
using Ringmaster.Cpu.State;
using Ringmaster.Memory;

namespace Ringmaster.Coverage.Tests.Guest;

/// <summary>Registers and memory that single instructions need to be other than <see cref="InitialState"/> has them.</summary>
internal static class Preparation
{
    private const int Rax = 0, Rcx = 1, Rdx = 2;
    private const uint SysenterCs = 0x174, DefaultMxcsr = 0x1F80, OverflowFlag = 0x800, Flags = 2;

    private static readonly FrozenDictionary<Mnemonic, Action<InstructionForm, CpuState, GuestMemory>> s_table =
        new Dictionary<Mnemonic, Action<InstructionForm, CpuState, GuestMemory>>
        {
            [Mnemonic.Into] = (_, state, _) => state.Rflags |= OverflowFlag,
            [Mnemonic.Rdmsr] = (_, state, _) => state.Registers[Rcx] = SysenterCs,
            [Mnemonic.Wrmsr] = (_, state, _) => state.Registers[Rcx] = SysenterCs,
            [Mnemonic.Rdpmc] = (_, state, _) => state.Registers[Rcx] = 0,
            [Mnemonic.Xgetbv] = (_, state, _) => state.Registers[Rcx] = 0,
            [Mnemonic.Xsetbv] = (_, state, _) => (state.Registers[Rcx], state.Registers[Rax]) = (0, state.Xcr0),
            [Mnemonic.Rdpkru] = (_, state, _) => state.Registers[Rcx] = 0,
            [Mnemonic.Wrpkru] = (_, state, _) => state.Registers[Rcx] = 0,
            [Mnemonic.Monitor] = (form, state, _) => (state.Registers[Rcx], state.Registers[Rax]) = (0, GuestLayout.DataOf(form.Bits)),
            [Mnemonic.Mwait] = (_, state, _) => state.Registers[Rcx] = 0,
            [Mnemonic.Clzero] = (form, state, _) => state.Registers[Rax] = GuestLayout.DataOf(form.Bits),
            [Mnemonic.Jmp] = SetBranch,
            [Mnemonic.Call] = SetBranch,
            [Mnemonic.Retf] = SetFarReturn,
            [Mnemonic.Iret] = SetInterruptReturn,
            [Mnemonic.Iretd] = SetInterruptReturn,
            [Mnemonic.Iretq] = SetInterruptReturn,
            [Mnemonic.Sysexit] = SetSystemExit,
            [Mnemonic.Sysexitq] = SetSystemExit,
            [Mnemonic.Sysret] = SetSystemReturn,
            [Mnemonic.Sysretq] = SetSystemReturn,
            [Mnemonic.Lds] = SetFarPointer,
            [Mnemonic.Les] = SetFarPointer,
            [Mnemonic.Lss] = SetFarPointer,
            [Mnemonic.Lfs] = SetFarPointer,
            [Mnemonic.Lgs] = SetFarPointer,
            [Mnemonic.Lldt] = (_, state, memory) => SetSelector(0, state, memory),
            [Mnemonic.Ltr] = (_, state, memory) => SetSelector(GuestLayout.FreeTss, state, memory),
            [Mnemonic.Lgdt] = (_, _, memory) => Data(memory, 0, 0),
            [Mnemonic.Lidt] = (_, _, memory) => Data(memory, 0, 0),
            [Mnemonic.Bound] = (form, _, memory) => Data(memory, form.Code == Code.Bound_r16_m1616 ? 0x7FFF_0000UL : 0x7FFF_FFFF_0000_0000UL),
            [Mnemonic.Invpcid] = (_, state, memory) =>
            {
                const ulong allContexts = 2;
                state.Registers[Rcx] = allContexts;
                Data(memory, 0, 0);
            },
            [Mnemonic.Ldmxcsr] = (_, _, memory) => Data(memory, DefaultMxcsr),
            [Mnemonic.Vldmxcsr] = (_, _, memory) => Data(memory, DefaultMxcsr),
            [Mnemonic.Fxrstor] = (_, state, memory) => SetImage(state, memory, false),
            [Mnemonic.Fxrstor64] = (_, state, memory) => SetImage(state, memory, false),
            [Mnemonic.Xsave] = (_, state, memory) => SetImage(state, memory, false),
            [Mnemonic.Xsave64] = (_, state, memory) => SetImage(state, memory, false),
            [Mnemonic.Xsavec] = (_, state, memory) => SetImage(state, memory, false),
            [Mnemonic.Xsavec64] = (_, state, memory) => SetImage(state, memory, false),
            [Mnemonic.Xsaveopt] = (_, state, memory) => SetImage(state, memory, false),
            [Mnemonic.Xsaveopt64] = (_, state, memory) => SetImage(state, memory, false),
            [Mnemonic.Xsaves] = (_, state, memory) => SetImage(state, memory, false),
            [Mnemonic.Xsaves64] = (_, state, memory) => SetImage(state, memory, false),
            [Mnemonic.Xrstor] = (_, state, memory) => SetImage(state, memory, false),
            [Mnemonic.Xrstor64] = (_, state, memory) => SetImage(state, memory, false),
            [Mnemonic.Xrstors] = (_, state, memory) => SetImage(state, memory, true),
            [Mnemonic.Xrstors64] = (_, state, memory) => SetImage(state, memory, true),
        }.ToFrozenDictionary();

    /// <summary>Prepares the guest for an instruction.</summary>
    public static void Apply(InstructionForm form, CpuState state, GuestMemory memory)
    {
        if (s_table.TryGetValue(form.Code.Mnemonic(), out var prepare))
            prepare(form, state, memory);
        else if (form.Code is Code.Mov_Sreg_rm16 or Code.Mov_Sreg_r32m16 or Code.Mov_Sreg_r64m16)
            SetSelector(GuestLayout.Flat, state, memory, operandRegister: Rdx);
        else if (IsSegmentPop(form.Code))
            Put(memory, GuestLayout.Stack + GuestLayout.StackOffset, GuestLayout.Flat, 8);
    }

    private static bool IsSegmentPop(Code code) =>
        code.Mnemonic() == Mnemonic.Pop && code.ToOpCode() is { OpCount: 1 } info && info.GetOpKind(0) is >= OpCodeOperandKind.es and <= OpCodeOperandKind.gs;

    private static void SetBranch(InstructionForm form, CpuState state, GuestMemory memory)
    {
        state.Registers[Rcx] = GuestLayout.TargetOf(form.Bits);
        if (PointerSize(form.Code) is { } size)
            SetPointer(memory, GuestLayout.Data, size, Selector(size));
    }

    private static void SetFarPointer(InstructionForm form, CpuState state, GuestMemory memory) =>
        SetPointer(memory, GuestLayout.Data, PointerSize(form.Code)!.Value, GuestLayout.Flat);

    // Bytes of the offset that a far pointer in memory begins with.
    private static int? PointerSize(Code code) => code.ToString() switch
    {
        var name when name.EndsWith("m1616", StringComparison.Ordinal) => 2,
        var name when name.EndsWith("m1632", StringComparison.Ordinal) => 4,
        var name when name.EndsWith("m1664", StringComparison.Ordinal) => 8,
        _ => null,
    };

    private static void SetFarReturn(InstructionForm form, CpuState state, GuestMemory memory)
    {
        var size = form.Code switch
        {
            Code.Retfw or Code.Retfw_imm16 => 2,
            Code.Retfd or Code.Retfd_imm16 => 4,
            _ => 8,
        };
        SetFrame(memory, size, GuestLayout.TargetOf(size * 8), Selector(size));
    }

    // In 64-bit mode the stack pointer and its segment are always popped.
    private static void SetInterruptReturn(InstructionForm form, CpuState state, GuestMemory memory)
    {
        var size = form.Code switch { Code.Iretw => 2, Code.Iretd => 4, _ => 8 };
        SetFrame(memory, size, GuestLayout.TargetOf(size * 8), Selector(size), Flags, GuestLayout.StackOf(size * 8), GuestLayout.Flat);
    }

    private static void SetFrame(GuestMemory memory, int size, params ReadOnlySpan<ulong> slots)
    {
        for (var i = 0; i < slots.Length; i++)
            Put(memory, GuestLayout.Stack + GuestLayout.StackOffset + (uint)(i * size), slots[i], size);
    }

    private static void SetSystemExit(InstructionForm form, CpuState state, GuestMemory memory) =>
        (state.Registers[Rdx], state.Registers[Rcx]) = (GuestLayout.TargetOf(64), GuestLayout.StackOf(64));

    private static void SetSystemReturn(InstructionForm form, CpuState state, GuestMemory memory) =>
        (state.Registers[Rcx], state.Registers[11]) = (GuestLayout.TargetOf(64), Flags);

    private static void SetSelector(ushort selector, CpuState state, GuestMemory memory, int operandRegister = Rcx)
    {
        state.Registers[operandRegister] = selector;
        Data(memory, selector);
    }

    private static void SetPointer(GuestMemory memory, uint at, int offsetSize, ushort selector)
    {
        Put(memory, at, GuestLayout.TargetOf(offsetSize * 8), offsetSize);
        Put(memory, at + (uint)offsetSize, selector, 2);
    }

    private static ushort Selector(int size) => size switch { 2 => GuestLayout.Code16, 4 => GuestLayout.Code32, _ => GuestLayout.Code64 };

    // All components are asked for; the image says that all are in their initial state.
    private static void SetImage(CpuState state, GuestMemory memory, bool isCompact)
    {
        const uint mxcsrOffset = 24, compactionOffset = 520;
        state.Registers[Rax] = uint.MaxValue;
        Assert.True(memory.TryWrite(new GuestPhysicalAddress(GuestLayout.Data), new byte[0x400]));
        Put(memory, GuestLayout.Data + mxcsrOffset, DefaultMxcsr, 4);
        if (isCompact)
            Put(memory, GuestLayout.Data + compactionOffset, 1UL << 63, 8);
    }

    private static void Data(GuestMemory memory, params ReadOnlySpan<ulong> values)
    {
        for (var i = 0; i < values.Length; i++)
            Put(memory, GuestLayout.Data + (uint)(i * 8), values[i], 8);
    }

    private static void Put(GuestMemory memory, uint address, ulong value, int size)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        Assert.True(memory.TryWrite(new GuestPhysicalAddress(address), bytes[..size]));
    }
}
