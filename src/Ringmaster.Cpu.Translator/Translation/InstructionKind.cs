namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>How an instruction is translated.</summary>
internal enum InstructionKind : byte
{
    /// <summary>Not at all: generated code leaves, and the interpreter carries it out.</summary>
    Interpret,

    /// <summary>The interpreter is called for it, and generated code goes on behind it if nothing out of the ordinary has happened.</summary>
    InPlace,

    /// <summary>As itself, with its registers renamed and its memory operand translated.</summary>
    Plain,

    /// <summary>Nothing is emitted.</summary>
    Nothing,

    /// <summary>CLI.</summary>
    ClearInterrupt,

    /// <summary>STI.</summary>
    SetInterrupt,

    /// <summary>CLD.</summary>
    ClearDirection,

    /// <summary>PUSHF.</summary>
    PushFlags,

    /// <summary>SWAPGS.</summary>
    SwapGs,

    /// <summary>RDTSC.</summary>
    ReadTimeStamp,

    /// <summary>MOV from a control register or a segment register.</summary>
    ReadRegister,

    /// <summary>MOV of a segment register to memory.</summary>
    StoreSelector,

    /// <summary>RDFSBASE or RDGSBASE.</summary>
    ReadBase,

    /// <summary>WRFSBASE or WRGSBASE.</summary>
    WriteBase,

    /// <summary>MOV to CR8.</summary>
    WriteTaskPriority,

    /// <summary>REP STOS.</summary>
    RepeatStore,

    /// <summary>REP MOVS.</summary>
    RepeatMove,

    /// <summary>SYSCALL.</summary>
    SystemCall,

    /// <summary>SYSRET to 64-bit code.</summary>
    SystemReturn,

    /// <summary>IRET of 64-bit operand size.</summary>
    InterruptReturn,

    /// <summary>LEA.</summary>
    Lea,

    /// <summary>PUSH of a register, a constant or memory.</summary>
    Push,

    /// <summary>POP of a register.</summary>
    Pop,

    /// <summary>LEAVE.</summary>
    Leave,

    /// <summary>DIV or IDIV, checked so that the host's never faults.</summary>
    Divide,

    /// <summary>BT, BTS, BTR or BTC of a bit anywhere in memory.</summary>
    BitString,

    /// <summary>A conditional branch.</summary>
    ConditionalJump,

    /// <summary>A direct jump.</summary>
    Jump,

    /// <summary>A direct call.</summary>
    Call,

    /// <summary>An indirect jump.</summary>
    IndirectJump,

    /// <summary>An indirect call.</summary>
    IndirectCall,

    /// <summary>A near return.</summary>
    Return,
}
