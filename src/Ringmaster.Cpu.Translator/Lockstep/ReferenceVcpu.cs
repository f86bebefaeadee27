using System.Buffers.Binary;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Instructions;
using Ringmaster.Cpu.Interpreter.Memory;
using Ringmaster.Cpu.Paging;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Translator.Lockstep;

/// <summary>The interpreter that generated code is compared with: it lists its stores, and what it has executed.</summary>
internal sealed unsafe class ReferenceVcpu : Vcpu
{
    private readonly EntropyTape _tape;

    public ReferenceVcpu(VcpuIndex index, GuestMemory memory, VcpuSetup setup, HandlerTable handlers, EntropyTape tape)
        : base(index, memory, setup with { Tsc = tape.Playback, Observer = null }, handlers) => _tape = tape;

    /// <summary>What has been stored to since the last comparison.</summary>
    public List<(GuestPhysicalAddress Address, int Length)> Stores { get; } = [];

    /// <summary>RIPs executed since the last comparison.</summary>
    public List<ulong> Path { get; } = [];

    /// <summary>Arithmetic flags that the instructions executed have left undefined.</summary>
    public RflagsBits UndefinedFlags { get; private set; }

    /// <summary>Notes the instruction at RIP, which is about to be executed.</summary>
    public void NoteInstruction()
    {
        Path.Add(Rip);
        var block = FindBlock(single: true);
        if (block == null)
        {
            // The fetch faults; the step that follows finds that anew.
            HasPending = false;
            return;
        }
        // A guard comes before the instruction that it guards.
        var op = block->Ops;
        if (op->Code == 0 && block->Count > 1)
            op++;
        Instruction instruction = default;
        instruction.Code = (Code)op->Code;
        // What a shift leaves undefined depends on its count.
        instruction.Immediate8 = (byte)op->Immediate;
        UndefinedFlags = (UndefinedFlags & ~instruction.RflagsModified) | instruction.RflagsUndefined;
    }

    internal override bool MayStore(in PageTranslation translation, MmuMode mode, AccessKind kind) => false;

    internal override void OnStored(GuestPhysicalAddress address, int length) => Stores.Add((address, length));

    internal override bool PausesString(int repetitions) => false;

    internal override void FillRandomly(Span<byte> bytes)
    {
        Span<byte> word = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(word, _tape.Read());
        word[..bytes.Length].CopyTo(bytes);
    }
}
