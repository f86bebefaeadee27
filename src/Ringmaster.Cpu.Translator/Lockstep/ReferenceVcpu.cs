using System.Buffers.Binary;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Instructions;
using Ringmaster.Cpu.Interpreter.Memory;
using Ringmaster.Cpu.Paging;
using Ringmaster.Cpu.Translator.Translation;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Translator.Lockstep;

/// <summary>The interpreter that generated code is compared with: it lists its stores, and what it has executed.</summary>
internal sealed unsafe class ReferenceVcpu : Vcpu
{
    private readonly EntropyTape _tape;
    private RflagsBits _undefinedBefore;

    public ReferenceVcpu(VcpuIndex index, GuestMemory memory, VcpuSetup setup, HandlerTable handlers, EntropyTape tape)
        : base(index, memory, setup with { Tsc = tape.Playback, Observer = null }, handlers) => _tape = tape;

    /// <summary>What has been stored to since the last comparison.</summary>
    public List<(GuestPhysicalAddress Address, int Length)> Stores { get; } = [];

    /// <summary>RIPs executed since the last comparison.</summary>
    public List<ulong> Path { get; } = [];

    /// <summary>Arithmetic flags that the instructions executed since the last comparison have left undefined.</summary>
    public RflagsBits UndefinedFlags { get; private set; }

    /// <summary>Flags that something has read while they were undefined, since the last comparison.</summary>
    public RflagsBits ReadUndefinedFlags { get; private set; }

    /// <summary>Both are the same, undefined flags too.</summary>
    public void ForgetDifferences()
    {
        Stores.Clear();
        Path.Clear();
        UndefinedFlags = RflagsBits.None;
        ReadUndefinedFlags = RflagsBits.None;
    }

    /// <summary>An event has stored the flags.</summary>
    public void NoteEvent() => ReadUndefinedFlags |= UndefinedFlags;

    /// <summary>The instruction noted last has faulted: it has made no flag new.</summary>
    public void NoteFault() => UndefinedFlags = _undefinedBefore;

    /// <summary>Notes the instruction at RIP, which is about to be executed.</summary>
    public void NoteInstruction()
    {
        Path.Add(Rip);
        _undefinedBefore = UndefinedFlags;
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
        ReadUndefinedFlags |= (instruction.Mnemonic == Mnemonic.Syscall ? StatusFlags.All : instruction.RflagsRead) & UndefinedFlags;
        var kept = MayKeepFlags(instruction.Mnemonic) ? UndefinedFlags : UndefinedFlags & ~instruction.RflagsModified;
        UndefinedFlags = kept | instruction.RflagsUndefined;
    }

    /// <summary>Whether an instruction whose count is zero leaves the flags as they are (SDM 2B SAL, ROL, REP).</summary>
    private static bool MayKeepFlags(Mnemonic mnemonic) => mnemonic is Mnemonic.Shl or Mnemonic.Sal or Mnemonic.Shr or Mnemonic.Sar or Mnemonic.Rol
        or Mnemonic.Ror or Mnemonic.Rcl or Mnemonic.Rcr or Mnemonic.Shld or Mnemonic.Shrd or Mnemonic.Cmpsb or Mnemonic.Cmpsw or Mnemonic.Cmpsd
        or Mnemonic.Cmpsq or Mnemonic.Scasb or Mnemonic.Scasw or Mnemonic.Scasd or Mnemonic.Scasq;

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
