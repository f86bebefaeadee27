using Iced.Intel;
using Ringmaster.Differential.Tests.Engine;
using Ringmaster.Differential.Tests.Generation;

namespace Ringmaster.Differential.Tests.Comparison;

/// <summary>
/// Where the manuals let processors differ in more than a flag: cases that end at such an instruction are not compared, or
/// not in all fields.
/// </summary>
internal static class ImplementationChoices
{
    private const ulong EndOfLowHalf = 0x0000_8000_0000_0000;
    private const ulong TrapFlag = 0x100;
    private const ulong InvalidOpcode = 6, StackFault = 12, GeneralProtection = 13, PageFault = 14, AlignmentCheck = 17;

    /// <summary>Whether host and engine may end differently at an instruction.</summary>
    public static bool MayDiffer(in FaultingInstruction at, Outcome host, Outcome engine, bool is32Bit)
    {
        var instruction = at.Instruction;
        // Sequences start with RFLAGS.AC clear; POPF may set it. Which of #AC and #PF comes first is not said.
        if ((host.Vector == AlignmentCheck || engine.Vector == AlignmentCheck) && !EngineLimits.ChecksAlignment)
            return true;
        if (IsUndefinedOpcode(at) && IsFetchFault(host) && IsFetchFault(engine))
            return true;
        switch (instruction.Mnemonic)
        {
            // Between two elements a gather may take pending traps (SDM 2C VGATHERDPS).
            case var _ when PartialMask(at) is not null && (host.Registers.Rflags & TrapFlag) != 0:
                return true;
            // Faults that concern bytes which the mask leaves out may or may not be raised (SDM 2B MASKMOVDQU, MASKMOVQ).
            case Mnemonic.Maskmovq or Mnemonic.Maskmovdqu or Mnemonic.Vmaskmovdqu:
                return IsAddressFault(host) || IsAddressFault(engine);
            // Which of two operands is accessed first is not said (SDM 2A CMPS).
            case Mnemonic.Cmpsb or Mnemonic.Cmpsw or Mnemonic.Cmpsd or Mnemonic.Cmpsq:
                return IsAddressFault(host) && IsAddressFault(engine);
            // Registers popped before the fault may have changed already; the stack pointer allows to repeat it (SDM 2B POPA).
            case Mnemonic.Popa or Mnemonic.Popad:
                return host.Vector == engine.Vector;
            // SDM 2B wants aligned operands (type 4); AMD's processors do not.
            case Mnemonic.Sha1msg1 or Mnemonic.Sha1msg2 or Mnemonic.Sha1nexte or Mnemonic.Sha1rnds4 or Mnemonic.Sha256msg1
                or Mnemonic.Sha256msg2 or Mnemonic.Sha256rnds2:
                return at.MemoryAddress is { } operand && (operand & 15) != 0;
        }
        if (MayLoadHalf(at, engine))
            return true;
        // The parts of a long operand may be accessed one by one.
        if ((MayFaultAnywhere(at) || IsTenBytes(at)) && at.MemoryAddress is > EndOfLowHalf - 512 and < EndOfLowHalf && IsAddressFault(host) && IsAddressFault(engine))
            return true;
        // An access that wraps at 4 GiB may or may not break the segment's limit (SDM 3A 5.3).
        return is32Bit && IsAddressFault(host) && IsAddressFault(engine) && at.MemoryAddress is > 0xFFFF_FFFF - 512;
    }

    /// <summary>
    /// Whether a page fault inside the operand may name any of its bytes: instructions that access several hundred bytes do
    /// so in an order of their own (SDM 3A 4.7 only asks for "the address that generated the exception").
    /// </summary>
    public static bool MayFaultAnywhere(in FaultingInstruction at) => at.Instruction.Mnemonic is Mnemonic.Fxsave or Mnemonic.Fxsave64
        or Mnemonic.Fxrstor or Mnemonic.Fxrstor64 or Mnemonic.Fnsave or Mnemonic.Fsave or Mnemonic.Frstor or Mnemonic.Fnstenv
        or Mnemonic.Fstenv or Mnemonic.Fldenv;

    /// <summary>
    /// Whether an instruction that raises #XM may have left the x87 tags as MMX instructions do: the manuals do not order the
    /// two (SDM 2A CVTPS2PI).
    /// </summary>
    public static bool MayEnterMmx(in FaultingInstruction at) => at.Instruction.Mnemonic is Mnemonic.Cvtpd2pi or Mnemonic.Cvtps2pi
        or Mnemonic.Cvttpd2pi or Mnemonic.Cvttps2pi or Mnemonic.Cvtpi2ps or Mnemonic.Cvtpi2pd;

    /// <summary>
    /// The mask register of a gather that faulted, of which only the sign bits count: SDM 2C widens them to whole elements
    /// first, APM 4 does not.
    /// </summary>
    public static (int Register, int ElementBits)? PartialMask(in FaultingInstruction at)
    {
        var elementBits = at.Instruction.Mnemonic switch
        {
            Mnemonic.Vgatherdps or Mnemonic.Vgatherqps or Mnemonic.Vpgatherdd or Mnemonic.Vpgatherqd => 32,
            Mnemonic.Vgatherdpd or Mnemonic.Vgatherqpd or Mnemonic.Vpgatherdq or Mnemonic.Vpgatherqq => 64,
            _ => 0,
        };
        return elementBits == 0 ? null : (at.Instruction.Op2Register.GetNumber(), elementBits);
    }

    // Where MXCSR.MM lifts the rule that operands are aligned (APM 1 4.2.2), the half that an instruction does not use may lie in
    // a page that is not there. Unpacking may load the other half alone (SDM 2D UNPCKLPS, 2B PUNPCKLBW); so do AMD's processors
    // with shift counts, of which Intel's, which have no MXCSR.MM, are said to load all 128 bits (SDM 2B PSLLW).
    private static bool MayLoadHalf(in FaultingInstruction at, Outcome engine)
    {
        const uint misalignedMask = 1 << 17;
        return (engine.Registers.Fx.Mxcsr & misalignedMask) != 0 && engine.Vector == PageFault && at.MemoryAddress is { } operand
            && (operand & 0xFFF) > 0xFF0 && at.Instruction.Code is Code.Unpcklps_xmm_xmmm128 or Code.Unpcklpd_xmm_xmmm128
                or Code.Punpcklbw_xmm_xmmm128 or Code.Punpcklwd_xmm_xmmm128 or Code.Punpckldq_xmm_xmmm128 or Code.Punpcklqdq_xmm_xmmm128
                or Code.Psllw_xmm_xmmm128 or Code.Pslld_xmm_xmmm128 or Code.Psllq_xmm_xmmm128 or Code.Psrlw_xmm_xmmm128
                or Code.Psrld_xmm_xmmm128 or Code.Psrlq_xmm_xmmm128 or Code.Psraw_xmm_xmmm128 or Code.Psrad_xmm_xmmm128;
    }

    private static bool IsTenBytes(in FaultingInstruction at) => at.Instruction.MemorySize is MemorySize.Float80 or MemorySize.Bcd;

    // An opcode that is no instruction has no length: whether operand bytes are fetched after it, and count for the limit of
    // fifteen, is not said (SDM 2A 2.3.11).
    private static bool IsUndefinedOpcode(in FaultingInstruction at)
    {
        if (at.Instruction.Mnemonic is Mnemonic.Ud0 or Mnemonic.Ud1)
            return true;
        return at.Instruction.IsInvalid && at.Raw is { } bytes && UnknownEncodings.PrefixLength(bytes, at.Is32Bit) < 15;
    }

    private static bool IsFetchFault(Outcome outcome) => outcome.Vector is InvalidOpcode or GeneralProtection or PageFault;

    private static bool IsAddressFault(Outcome outcome) => outcome.Vector is StackFault or GeneralProtection or PageFault;
}
