using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Memory;

namespace Ringmaster.Cpu.Interpreter.Decoding;

/// <summary>Operations that stand for what could not be decoded, and for a block's end.</summary>
internal static unsafe class Fetches
{
    /// <summary>A block's end without a branch.</summary>
    public static Status End(Vcpu cpu, Op* op)
    {
        cpu.Rip = cpu.RipOf(op);
        return Status.FallThrough;
    }

    /// <summary>The instruction goes on in a page that could not be fetched when the block was decoded.</summary>
    public static Status NextPage(Vcpu cpu, Op* op)
    {
        var linear = cpu.LinearOf(cpu.RipOf(op));
        var next = (linear | 0xFFF) + 1;
        if (cpu.Is64BitMode && !cpu.IsCanonical(next))
            return cpu.RaiseGeneralProtection();
        if (!cpu.TranslateFetch(next, out var address))
            return Status.Fault;
        // Mapped, but no memory: nothing answers fetches there; the bytes read as all ones, which no instruction ends with.
        return cpu.CanFetch(address) ? cpu.Retry(op) : cpu.RaiseInvalidOpcode();
    }

    /// <summary>The instruction reaches beyond the code segment's limit.</summary>
    public static Status BeyondLimit(Vcpu cpu, Op* op) => cpu.RaiseGeneralProtection();

    /// <summary>More than 15 bytes.</summary>
    public static Status TooLong(Vcpu cpu, Op* op) => cpu.RaiseGeneralProtection();

    /// <summary>No instruction, or none of this CPU model.</summary>
    public static Status Invalid(Vcpu cpu, Op* op) => cpu.RaiseInvalidOpcode();

    /// <summary>An instruction that the CPU model has and the interpreter lacks; recorded, since it must not happen.</summary>
    public static Status Unknown(Vcpu cpu, Op* op)
    {
        cpu.RecordMissing(op);
        return cpu.RaiseInvalidOpcode();
    }
}
