using System.Buffers.Binary;
using System.Security.Cryptography;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Instructions;
using Ringmaster.Cpu.Translator.Cache;
using Ringmaster.Cpu.Translator.Execution;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Translator.Lockstep;

/// <summary>The translating vCPU of a comparison: it comes back from generated code after every short while.</summary>
internal sealed class ComparedVcpu : TranslatorVcpu
{
    private const int MostRepetitions = 1 << 22;

    private readonly EntropyTape _tape;
    private readonly Action _check;
    private bool _isInsideString;

    public ComparedVcpu(VcpuIndex index, GuestMemory memory, VcpuSetup setup, HandlerTable handlers, CodeCache cache, TranslatorOptions options,
        EntropyTape tape, Action check)
        : base(index, memory, setup with { Tsc = tape }, handlers, cache, options, new AreaMemory())
    {
        _tape = tape;
        _check = check;
    }

    internal override bool ComesBackSoon => true;

    internal override void AfterUnit()
    {
        if (!_isInsideString)
            _check();
        _isInsideString = false;
    }

    // The interpreter makes no pause: an interrupt must not come in the middle. Only what would never end is left when kicked; the
    // next interrupt then shows a difference.
    internal override bool PausesString(int repetitions) => repetitions >= MostRepetitions && (Demands & Attention.Kick) != 0;

    internal override void OnStringLeft() => _isInsideString = true;

    internal override void FillRandomly(Span<byte> bytes)
    {
        Span<byte> word = stackalloc byte[8];
        RandomNumberGenerator.Fill(word);
        _tape.Record(BinaryPrimitives.ReadUInt64LittleEndian(word));
        word[..bytes.Length].CopyTo(bytes);
    }
}
