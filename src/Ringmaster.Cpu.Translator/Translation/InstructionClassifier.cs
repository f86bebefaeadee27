using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Instructions;
using Ringmaster.Cpu.Models;
using Ringmaster.Cpu.Translator.Cache;
using Ringmaster.Cpu.Translator.Emission;

namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>Decides how each instruction is translated.</summary>
internal sealed class InstructionClassifier
{
    private readonly InstructionSet _guest;
    private readonly InstructionSet _host;
    private readonly HandlerTable _handlers;
    private readonly bool _counts;

    /// <param name="guest">What the CPU model has.</param>
    /// <param name="handlers">Knows what an instruction needs enabled.</param>
    /// <param name="host">What the host has; null for this one.</param>
    /// <param name="counts">Instructions are counted: those that are repeated or enter other levels are left to the interpreter.</param>
    public InstructionClassifier(InstructionSet guest, HandlerTable handlers, InstructionSet? host = null, bool counts = false)
    {
        _counts = counts;
        _guest = guest;
        _handlers = handlers;
        _host = host ?? new InstructionSet(HostInstructions.Table);
    }

    /// <summary>Classifies an instruction.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="context">The state it is translated for.</param>
    /// <param name="usesVectors">Its translation uses vector registers or MXCSR.</param>
    public InstructionKind Classify(in Instruction instruction, TranslationContext context, out bool usesVectors)
    {
        var kind = ClassifyNative(instruction, context, out usesVectors);
        return kind == InstructionKind.Interpret && MayGoOnBehind(instruction) ? InstructionKind.InPlace : kind;
    }

    /// <summary>Whether what follows an instruction stays translated code of this page, as far as can be said beforehand.</summary>
    private static bool MayGoOnBehind(in Instruction instruction)
    {
        if (instruction.IsInvalid || instruction.FlowControl != FlowControl.Next)
            return false;
        switch (instruction.Mnemonic)
        {
            case Mnemonic.Hlt or Mnemonic.Mwait or Mnemonic.Mwaitx or Mnemonic.Invpcid or Mnemonic.Lmsw or Mnemonic.Clts
                or Mnemonic.In or Mnemonic.Out or Mnemonic.Insb or Mnemonic.Insw or Mnemonic.Insd or Mnemonic.Outsb or Mnemonic.Outsw
                or Mnemonic.Outsd or Mnemonic.Stac or Mnemonic.Clac:
                return false;
            case Mnemonic.Mov when instruction.Op0Kind == OpKind.Register && (instruction.Op0Register.IsCR() || instruction.Op0Register.IsDR()):
                // But CR8 is only a register.
                return instruction.Op0Register == Register.CR8;
            default:
                return true;
        }
    }

    private InstructionKind ClassifyNative(in Instruction instruction, TranslationContext context, out bool usesVectors)
    {
        usesVectors = false;
        var code = instruction.Code;
        // The interpreter lets others run who may hold what is waited for.
        if (code == Code.Pause || DiffersByVendor(instruction))
            return InstructionKind.Interpret;
        if (instruction.IsInvalid || !_guest.Has(code) || !_host.Has(code))
            return InstructionKind.Interpret;
        if (code is Code.Lahf or Code.Sahf && context.Is64Bit && !(_guest.HasLahfInLongMode && _host.HasLahfInLongMode))
            return InstructionKind.Interpret;
        var guard = _handlers.GuardOf(code);
        if (guard != Guard.None)
        {
            usesVectors = (context.Guards & 1u << (int)guard) != 0 && guard is Guard.Sse or Guard.Avx && IsPlainVector(instruction, context);
            return usesVectors ? InstructionKind.Plain : InstructionKind.Interpret;
        }
        if ((ClassifySystem(instruction, context) ?? ClassifyString(instruction, context)) is { } kind)
            return kind;
        if (UsesForbiddenOperand(instruction, context))
            return InstructionKind.Interpret;
        return instruction.FlowControl == FlowControl.Next ? ClassifyStraight(instruction, context) : ClassifyBranch(instruction, context);
    }

    /// <summary>
    /// Results that the manuals leave open and that processors choose otherwise; a guest has the interpreter's on every host. Double
    /// shifts of 16 bits by more than that (SDM 2B SHLD), and which of several NaNs a dot product returns.
    /// </summary>
    private static bool DiffersByVendor(in Instruction instruction) => instruction.Code switch
    {
        Code.Shld_rm16_r16_imm8 or Code.Shrd_rm16_r16_imm8 => (instruction.Immediate8 & 31) > 16,
        Code.Shld_rm16_r16_CL or Code.Shrd_rm16_r16_CL => true,
        _ => instruction.Mnemonic is Mnemonic.Dpps or Mnemonic.Dppd or Mnemonic.Vdpps or Mnemonic.Vdppd,
    };

    /// <summary>Instructions for operating systems that need no more than the vCPU's registers.</summary>
    private InstructionKind? ClassifySystem(in Instruction instruction, TranslationContext context)
    {
        switch (instruction.Code)
        {
            case Code.Cld:
                return InstructionKind.ClearDirection;
            case Code.Pushfq:
                return InstructionKind.PushFlags;
            case Code.Mov_rm16_Sreg or Code.Mov_r32m16_Sreg or Code.Mov_r64m16_Sreg:
                return instruction.Op0Kind == OpKind.Register ? InstructionKind.ReadRegister
                    : CanAddress(instruction, context) ? InstructionKind.StoreSelector : InstructionKind.Interpret;
            case Code.Rdfsbase_r32 or Code.Rdfsbase_r64 or Code.Rdgsbase_r32 or Code.Rdgsbase_r64 when context.Is64Bit:
                return InstructionKind.ReadBase;
            case Code.Wrfsbase_r32 or Code.Wrfsbase_r64 or Code.Wrgsbase_r32 or Code.Wrgsbase_r64 when context.Is64Bit:
                return InstructionKind.WriteBase;
        }
        if (context.Is64Bit && instruction.Code == Code.Syscall && !_counts)
            return InstructionKind.SystemCall;
        if (!context.IsKernel || !context.Is64Bit)
            return null;
        return instruction.Code switch
        {
            Code.Cli => InstructionKind.ClearInterrupt,
            Code.Sti => InstructionKind.SetInterrupt,
            Code.Swapgs => InstructionKind.SwapGs,
            Code.Sysretq when !_counts => InstructionKind.SystemReturn,
            Code.Iretq when !_counts => InstructionKind.InterruptReturn,
            Code.Rdtsc => InstructionKind.ReadTimeStamp,
            Code.Mov_r64_cr when instruction.Op1Register is Register.CR0 or Register.CR2 or Register.CR3 or Register.CR4
                or Register.CR8 => InstructionKind.ReadRegister,
            Code.Mov_cr_r64 when instruction.Op0Register == Register.CR8 => InstructionKind.WriteTaskPriority,
            _ => null,
        };
    }

    private InstructionKind? ClassifyString(in Instruction instruction, TranslationContext context)
    {
        if (!context.Is64Bit || !instruction.HasRepPrefix || _counts || instruction.Op0Kind != OpKind.MemoryESRDI)
            return null;
        return instruction.Mnemonic switch
        {
            Mnemonic.Stosb or Mnemonic.Stosw or Mnemonic.Stosd or Mnemonic.Stosq => InstructionKind.RepeatStore,
            // Only FS and GS have bases.
            Mnemonic.Movsb or Mnemonic.Movsw or Mnemonic.Movsd or Mnemonic.Movsq
                when instruction.Op1Kind == OpKind.MemorySegRSI && instruction.MemorySegment is not (Register.FS or Register.GS) => InstructionKind.RepeatMove,
            _ => null,
        };
    }

    private static InstructionKind ClassifyBranch(in Instruction instruction, TranslationContext context)
    {
        var width = context.Is64Bit ? OpKind.NearBranch64 : OpKind.NearBranch32;
        switch (instruction.FlowControl)
        {
            case FlowControl.ConditionalBranch:
                return instruction.IsJccShortOrNear && instruction.Op0Kind == width ? InstructionKind.ConditionalJump : InstructionKind.Interpret;
            case FlowControl.UnconditionalBranch:
                return instruction.IsJmpShortOrNear && instruction.Op0Kind == width ? InstructionKind.Jump : InstructionKind.Interpret;
            case FlowControl.Call:
                return instruction.IsCallNear && instruction.Op0Kind == width ? InstructionKind.Call : InstructionKind.Interpret;
            case FlowControl.IndirectBranch:
                return instruction.Code == (context.Is64Bit ? Code.Jmp_rm64 : Code.Jmp_rm32) ? InstructionKind.IndirectJump : InstructionKind.Interpret;
            case FlowControl.IndirectCall:
                return instruction.Code == (context.Is64Bit ? Code.Call_rm64 : Code.Call_rm32) ? InstructionKind.IndirectCall : InstructionKind.Interpret;
            case FlowControl.Return:
                return instruction.Code is Code.Retnq or Code.Retnq_imm16 && context.Is64Bit || instruction.Code is Code.Retnd or Code.Retnd_imm16 && !context.Is64Bit
                    ? InstructionKind.Return : InstructionKind.Interpret;
            default:
                return InstructionKind.Interpret;
        }
    }

    private static InstructionKind ClassifyStraight(in Instruction instruction, TranslationContext context)
    {
        switch (instruction.Mnemonic)
        {
            case Mnemonic.Reservednop when instruction.Code is Code.Reservednop_rm16_r16_0F0D or Code.Reservednop_rm32_r32_0F0D or Code.Reservednop_rm64_r64_0F0D:
                // Without a memory operand it is no prefetch, and vendors differ.
                return InstructionKind.Interpret;
            case Mnemonic.Nop or Mnemonic.Reservednop or Mnemonic.Endbr64 or Mnemonic.Endbr32 or Mnemonic.Prefetch or Mnemonic.Prefetchw
                or Mnemonic.Prefetchnta or Mnemonic.Prefetcht0 or Mnemonic.Prefetcht1 or Mnemonic.Prefetcht2 or Mnemonic.Prefetchwt1:
                return InstructionKind.Nothing;
            case Mnemonic.Lea:
                return InstructionKind.Lea;
            case Mnemonic.Push:
                return IsFullWidthPush(instruction, context) ? InstructionKind.Push : InstructionKind.Interpret;
            case Mnemonic.Pop:
                return instruction.Op0Kind == OpKind.Register && instruction.Op0Register.IsGPR()
                    && (context.Is64Bit ? instruction.Op0Register.IsGPR64() : instruction.Op0Register.IsGPR32())
                    ? InstructionKind.Pop : InstructionKind.Interpret;
            case Mnemonic.Leave:
                return instruction.Code == (context.Is64Bit ? Code.Leaveq : Code.Leaved) ? InstructionKind.Leave : InstructionKind.Interpret;
            case Mnemonic.Div or Mnemonic.Idiv:
                return instruction.Code is Code.Div_rm32 or Code.Div_rm64 or Code.Idiv_rm32 or Code.Idiv_rm64
                    ? InstructionKind.Divide : InstructionKind.Interpret;
            case Mnemonic.Movsxd when instruction.Code == Code.Movsxd_r16_rm16:
                // How many bytes it loads depends on the vendor.
                return InstructionKind.Interpret;
            case Mnemonic.Bt or Mnemonic.Bts or Mnemonic.Btr or Mnemonic.Btc:
                // A bit offset in a register reaches beyond the operand in memory (SDM 2A BT).
                return instruction.Op0Kind == OpKind.Register || instruction.Op1Kind != OpKind.Register ? InstructionKind.Plain
                    : context.Is64Bit && instruction.Op1Register.IsGPR64() && GuestAddress.Of(instruction, is64Bit: true).Bits == 64
                    ? InstructionKind.BitString : InstructionKind.Interpret;
            case Mnemonic.Mov or Mnemonic.Movzx or Mnemonic.Movsx or Mnemonic.Movsxd or Mnemonic.Add or Mnemonic.Sub or Mnemonic.Adc
                or Mnemonic.Sbb or Mnemonic.And or Mnemonic.Or or Mnemonic.Xor or Mnemonic.Cmp or Mnemonic.Test or Mnemonic.Inc
                or Mnemonic.Dec or Mnemonic.Neg or Mnemonic.Not or Mnemonic.Shl or Mnemonic.Sal or Mnemonic.Shr or Mnemonic.Sar
                or Mnemonic.Rol or Mnemonic.Ror or Mnemonic.Rcl or Mnemonic.Rcr or Mnemonic.Shld or Mnemonic.Shrd or Mnemonic.Imul
                or Mnemonic.Mul or Mnemonic.Bswap or Mnemonic.Bsf or Mnemonic.Bsr or Mnemonic.Cbw or Mnemonic.Cwde or Mnemonic.Cdqe
                or Mnemonic.Cwd or Mnemonic.Cdq or Mnemonic.Cqo or Mnemonic.Xchg or Mnemonic.Xadd or Mnemonic.Cmpxchg
                or Mnemonic.Cmpxchg8b or Mnemonic.Cmpxchg16b or Mnemonic.Lahf or Mnemonic.Sahf or Mnemonic.Clc or Mnemonic.Stc
                or Mnemonic.Cmc or Mnemonic.Popcnt or Mnemonic.Lzcnt or Mnemonic.Tzcnt or Mnemonic.Crc32 or Mnemonic.Movbe
                or Mnemonic.Andn or Mnemonic.Bextr or Mnemonic.Blsi or Mnemonic.Blsmsk or Mnemonic.Blsr or Mnemonic.Bzhi
                or Mnemonic.Mulx or Mnemonic.Pdep or Mnemonic.Pext or Mnemonic.Rorx or Mnemonic.Sarx or Mnemonic.Shlx or Mnemonic.Shrx
                or Mnemonic.Adcx or Mnemonic.Adox or Mnemonic.Movnti or Mnemonic.Lfence or Mnemonic.Mfence or Mnemonic.Sfence
                or Mnemonic.Pause or Mnemonic.Cmova or Mnemonic.Cmovae or Mnemonic.Cmovb or Mnemonic.Cmovbe or Mnemonic.Cmove
                or Mnemonic.Cmovg or Mnemonic.Cmovge or Mnemonic.Cmovl or Mnemonic.Cmovle or Mnemonic.Cmovne or Mnemonic.Cmovno
                or Mnemonic.Cmovnp or Mnemonic.Cmovns or Mnemonic.Cmovo or Mnemonic.Cmovp or Mnemonic.Cmovs or Mnemonic.Seta
                or Mnemonic.Setae or Mnemonic.Setb or Mnemonic.Setbe or Mnemonic.Sete or Mnemonic.Setg or Mnemonic.Setge
                or Mnemonic.Setl or Mnemonic.Setle or Mnemonic.Setne or Mnemonic.Setno or Mnemonic.Setnp or Mnemonic.Setns
                or Mnemonic.Seto or Mnemonic.Setp or Mnemonic.Sets:
                return InstructionKind.Plain;
            default:
                return InstructionKind.Interpret;
        }
    }

    /// <summary>Only general registers, constants and one plain memory operand; segment registers and their like are not for the host.</summary>
    private static bool UsesForbiddenOperand(in Instruction instruction, TranslationContext context)
    {
        if (CannotNameHighByte(instruction))
            return true;
        for (var i = 0; i < instruction.OpCount; i++)
        {
            switch (instruction.GetOpKind(i))
            {
                case OpKind.Register when !instruction.GetOpRegister(i).IsGPR():
                    return true;
                case OpKind.Memory when !CanAddress(instruction, context):
                    return true;
                case OpKind.MemorySegSI or OpKind.MemorySegDI or OpKind.MemorySegESI or OpKind.MemorySegEDI or OpKind.MemorySegRSI
                    or OpKind.MemorySegRDI or OpKind.MemoryESDI or OpKind.MemoryESEDI or OpKind.MemoryESRDI:
                    return true;
            }
        }
        return false;
    }

    /// <summary>
    /// AH, CH, DH and BH cannot be named together with the registers that hold RSP and RCX; RCX can come into its own, but not
    /// with an operand in memory, whose address is there.
    /// </summary>
    private static bool CannotNameHighByte(in Instruction instruction)
    {
        bool highByte = false, counter = false, pointer = false, memory = false;
        for (var i = 0; i < instruction.OpCount; i++)
        {
            memory |= instruction.GetOpKind(i) == OpKind.Memory;
            if (instruction.GetOpKind(i) != OpKind.Register || !instruction.GetOpRegister(i).IsGPR())
                continue;
            var register = instruction.GetOpRegister(i);
            highByte |= GuestRegisters.IsHighByte(register);
            counter |= register.GetFullRegister() == Register.RCX;
            pointer |= register.GetFullRegister() == Register.RSP;
        }
        return highByte && (pointer || (counter && memory));
    }

    private static bool IsPlainVector(in Instruction instruction, TranslationContext context)
    {
        if (instruction.FlowControl != FlowControl.Next)
            return false;
        switch (instruction.Mnemonic)
        {
            case Mnemonic.Vzeroupper or Mnemonic.Vzeroall when !context.Is64Bit:
                // Outside 64-bit mode they leave registers 8 to 15 alone (SDM 2C VZEROALL).
                return false;
            case Mnemonic.Ldmxcsr or Mnemonic.Vldmxcsr or Mnemonic.Stmxcsr or Mnemonic.Vstmxcsr or Mnemonic.Maskmovdqu or Mnemonic.Vmaskmovdqu
                or Mnemonic.Maskmovq or Mnemonic.Vmaskmovps or Mnemonic.Vmaskmovpd or Mnemonic.Vpmaskmovd or Mnemonic.Vpmaskmovq
                or Mnemonic.Vgatherdps or Mnemonic.Vgatherdpd or Mnemonic.Vgatherqps or Mnemonic.Vgatherqpd or Mnemonic.Vpgatherdd
                or Mnemonic.Vpgatherdq or Mnemonic.Vpgatherqd or Mnemonic.Vpgatherqq:
                return false;
        }
        for (var i = 0; i < instruction.OpCount; i++)
        {
            switch (instruction.GetOpKind(i))
            {
                case OpKind.Register when instruction.GetOpRegister(i) is var register && !(register.IsXMM() || register.IsYMM() || register.IsGPR()):
                    return false;
                case OpKind.Memory when !CanAddress(instruction, context):
                    return false;
                case OpKind.MemorySegDI or OpKind.MemorySegEDI or OpKind.MemorySegRDI:
                    return false;
            }
        }
        return context.MasksFloatExceptions || !FloatExceptions.MayRaise(instruction);
    }

    private static bool CanAddress(in Instruction instruction, TranslationContext context)
    {
        if (instruction.MemoryIndex.IsVectorRegister())
            return false;
        if (context.Is64Bit)
            return true;
        var segment = instruction.MemorySegment - Register.ES;
        return (context.FlatSegments & 1u << segment) != 0;
    }

    private static bool IsFullWidthPush(in Instruction instruction, TranslationContext context) => instruction.Code switch
    {
        Code.Push_r64 or Code.Push_rm64 or Code.Pushq_imm8 or Code.Pushq_imm32 => context.Is64Bit,
        Code.Push_r32 or Code.Push_rm32 or Code.Pushd_imm8 or Code.Pushd_imm32 => !context.Is64Bit,
        _ => false,
    };
}
