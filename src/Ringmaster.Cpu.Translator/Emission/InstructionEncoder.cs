using Iced.Intel;

namespace Ringmaster.Cpu.Translator.Emission;

/// <summary>Encodes the guest's instructions, with other operands, into the code being emitted.</summary>
internal sealed class InstructionEncoder
{
    private readonly HostAssembler _code;
    private readonly Encoder _encoder;

    public InstructionEncoder(HostAssembler code)
    {
        _code = code;
        _encoder = Encoder.Create(64, new Writer(code));
    }

    /// <summary>Emits an instruction.</summary>
    /// <exception cref="InvalidOperationException">It has no encoding in 64-bit mode: a mistake of the translator.</exception>
    public void Emit(in Instruction instruction)
    {
        if (!_encoder.TryEncode(instruction, _code.Here, out _, out var error))
            throw new InvalidOperationException($"{instruction} cannot be encoded: {error}");
    }

    private sealed class Writer(HostAssembler code) : CodeWriter
    {
        public override void WriteByte(byte value) => code.Byte(value);
    }
}
