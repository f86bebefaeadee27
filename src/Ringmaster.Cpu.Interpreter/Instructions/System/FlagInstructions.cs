using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Flags;

namespace Ringmaster.Cpu.Interpreter.Instructions;

/// <summary>PUSHF, POPF, CLI, STI, LAHF, SAHF, STAC, CLAC, with the rules of IOPL and of virtual interrupts.</summary>
internal static unsafe class FlagInstructions
{
    private const uint AlwaysPopped = Rflags.Status | Rflags.Trap | Rflags.Direction | Rflags.NestedTask;
    private const uint WidePopped = Rflags.AlignmentCheck | Rflags.Identification;
    private const uint Loadable = Rflags.Sign | Rflags.Zero | Rflags.Adjust | Rflags.Parity | Rflags.Carry;

    public static void Register(HandlerTable table)
    {
        table.Add(Code.Pushfw, &PushNarrow);
        table.Add(Code.Pushfd, &Push<uint>);
        table.Add(Code.Pushfq, &Push<ulong>);
        table.Add(Code.Popfw, &PopNarrow);
        table.Add(Code.Popfd, &Pop<uint>);
        table.Add(Code.Popfq, &Pop<ulong>);
        table.Add(Code.Cli, &ClearInterrupt);
        table.Add(Code.Sti, &SetInterrupt);
        table.Add(Code.Lahf, &LoadToAh);
        table.Add(Code.Sahf, &StoreFromAh);
        table.Add(Code.Stac, &SetAlignmentCheck);
        table.Add(Code.Clac, &ClearAlignmentCheck);
    }

    // Virtual-8086 code below IOPL 3 sees its virtual interrupt flag, and IOPL 3 (SDM 3B 20.3.2).
    private static Status PushNarrow(Vcpu cpu, Op* op)
    {
        var flags = cpu.Flags;
        if (cpu.IsVirtual8086 && cpu.Iopl < 3)
        {
            if ((cpu.Cr4 & Cr4Bits.Vme) == 0)
                return cpu.RaiseGeneralProtection();
            flags = (flags & ~Rflags.Interrupt) | Rflags.IoPrivilege
                | ((flags & Rflags.VirtualInterrupt) != 0 ? Rflags.Interrupt : 0);
        }
        return cpu.StackPush((ushort)flags) ? Status.Next : cpu.FaultOrExit;
    }

    private static Status Push<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        if (cpu.IsVirtual8086 && cpu.Iopl < 3)
            return cpu.RaiseGeneralProtection();
        var flags = cpu.Flags & ~(Rflags.Resume | Rflags.Virtual8086);
        var done = sizeof(T) == 4 ? cpu.StackPush(flags) : cpu.StackPush((ulong)flags);
        return done ? Status.Next : cpu.FaultOrExit;
    }

    private static Status PopNarrow(Vcpu cpu, Op* op)
    {
        var extended = cpu.IsVirtual8086 && cpu.Iopl < 3;
        if (extended && (cpu.Cr4 & Cr4Bits.Vme) == 0)
            return cpu.RaiseGeneralProtection();
        if (!cpu.StackPeek(out ushort value))
            return cpu.FaultOrExit;
        uint flags = value;
        var accepted = AlwaysPopped;
        if (extended)
        {
            var enables = (flags & Rflags.Interrupt) != 0;
            if ((enables && (cpu.OtherFlags & Rflags.VirtualInterruptPending) != 0) || (flags & Rflags.Trap) != 0)
                return cpu.RaiseGeneralProtection();
            if (enables)
                flags |= Rflags.VirtualInterrupt;
            accepted |= Rflags.VirtualInterrupt;
        }
        else
        {
            accepted |= Privileged(cpu);
        }
        cpu.StackDrop(sizeof(ushort), cpu.StackMask);
        Load(cpu, flags, accepted);
        return Status.Next;
    }

    private static Status Pop<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        if (cpu.IsVirtual8086 && cpu.Iopl < 3)
            return cpu.RaiseGeneralProtection();
        if (!cpu.StackPeek(out T value))
            return cpu.FaultOrExit;
        var flags = (uint)Vcpu.SignExtend(value);
        cpu.StackDrop(sizeof(T), cpu.StackMask);
        Load(cpu, flags, AlwaysPopped | WidePopped | Privileged(cpu));
        return Status.Next;
    }

    // IF follows IOPL, IOPL itself only level 0; others keep them without a fault.
    private static uint Privileged(Vcpu cpu) =>
        (cpu.Cpl <= cpu.Iopl ? Rflags.Interrupt : 0) | (cpu.Cpl == 0 ? Rflags.IoPrivilege : 0);

    private static void Load(Vcpu cpu, uint flags, uint accepted)
    {
        cpu.SetStatus(flags);
        // POPF clears RF, and never changes VM, VIF and VIP but in virtual-8086 mode.
        cpu.SetOtherFlags((cpu.OtherFlags & ~(accepted | Rflags.Resume)) | (flags & accepted));
    }

    private static Status ClearInterrupt(Vcpu cpu, Op* op)
    {
        if (cpu.Cpl <= cpu.Iopl)
        {
            cpu.SetOtherFlags(cpu.OtherFlags & ~Rflags.Interrupt);
            return Status.Next;
        }
        if (!HasVirtualInterrupts(cpu))
            return cpu.RaiseGeneralProtection();
        cpu.SetOtherFlags(cpu.OtherFlags & ~Rflags.VirtualInterrupt);
        return Status.Next;
    }

    private static Status SetInterrupt(Vcpu cpu, Op* op)
    {
        if (cpu.Cpl <= cpu.Iopl)
        {
            if ((cpu.OtherFlags & Rflags.Interrupt) != 0)
                return Status.Next;
            cpu.SetOtherFlags(cpu.OtherFlags | Rflags.Interrupt);
            cpu.EnterShadow(movSs: false);
            return Status.Next;
        }
        if (!HasVirtualInterrupts(cpu) || (cpu.OtherFlags & Rflags.VirtualInterruptPending) != 0)
            return cpu.RaiseGeneralProtection();
        cpu.SetOtherFlags(cpu.OtherFlags | Rflags.VirtualInterrupt);
        return Status.Next;
    }

    // CR4.VME in virtual-8086 mode, CR4.PVI for level 3 of protected mode.
    private static bool HasVirtualInterrupts(Vcpu cpu) =>
        cpu.Cpl == 3 && (cpu.Cr4 & (cpu.IsVirtual8086 ? Cr4Bits.Vme : Cr4Bits.Pvi)) != 0;

    private static Status LoadToAh(Vcpu cpu, Op* op)
    {
        if (!HasAhForm(cpu))
            return cpu.RaiseInvalidOpcode();
        cpu.Reg<byte>(RegisterFile.Rax + 1) = (byte)((cpu.GetStatus() & Loadable) | Rflags.Fixed);
        return Status.Next;
    }

    private static Status StoreFromAh(Vcpu cpu, Op* op)
    {
        if (!HasAhForm(cpu))
            return cpu.RaiseInvalidOpcode();
        cpu.SetStatus((cpu.GetStatus() & Rflags.Overflow) | (cpu.Reg<byte>(RegisterFile.Rax + 1) & Loadable));
        return Status.Next;
    }

    // The first 64-bit processors had LAHF and SAHF outside 64-bit mode only.
    private static bool HasAhForm(Vcpu cpu) => !cpu.Is64BitMode || cpu.Features.Lahf;

    private static Status SetAlignmentCheck(Vcpu cpu, Op* op)
    {
        if (cpu.Cpl != 0)
            return cpu.RaiseInvalidOpcode();
        cpu.SetOtherFlags(cpu.OtherFlags | Rflags.AlignmentCheck);
        return Status.Next;
    }

    private static Status ClearAlignmentCheck(Vcpu cpu, Op* op)
    {
        if (cpu.Cpl != 0)
            return cpu.RaiseInvalidOpcode();
        cpu.SetOtherFlags(cpu.OtherFlags & ~Rflags.AlignmentCheck);
        return Status.Next;
    }
}
