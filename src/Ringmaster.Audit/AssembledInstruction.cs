using Iced.Intel;

namespace Ringmaster.Audit;

/// <summary>An instruction of the audit as machine code.</summary>
/// <param name="Bytes">What leads up to it, it, and what follows.</param>
/// <param name="At">Offset of the instruction.</param>
/// <param name="Next">Offset of what follows it.</param>
internal sealed record AssembledInstruction(byte[] Bytes, int At, int Next)
{
    /// <summary>Assembles it.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="start">The address of the first byte; in the first 2 GiB, for far pointers have 32 bits.</param>
    internal static AssembledInstruction Of(AuditedInstruction instruction, ulong start)
    {
        var before = Length(instruction.Before, start);
        var upTo = Length(c => { instruction.Before?.Invoke(c); instruction.Code(c); }, start);
        var whole = Assemble(c => { instruction.Before?.Invoke(c); instruction.Code(c); instruction.After?.Invoke(c); }, start);
        return new(whole, before, upTo);
    }

    /// <summary>Machine code for an address.</summary>
    internal static byte[] Assemble(Action<Assembler> code, ulong start)
    {
        var assembler = new Assembler(64);
        code(assembler);
        using var bytes = new MemoryStream();
        assembler.Assemble(new StreamCodeWriter(bytes), start);
        return bytes.ToArray();
    }

    private static int Length(Action<Assembler>? code, ulong start) => code is null ? 0 : Assemble(code, start).Length;
}
