using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Instructions;
using Ringmaster.Cpu.Interpreter.Instructions.Chained;
using Ringmaster.Cpu.Models;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Interpreter.Decoding;

/// <summary>Decodes a run of guest code into operations.</summary>
internal sealed unsafe class BlockDecoder
{
    /// <summary>Most operations that one block takes, guards and the end included.</summary>
    public const int MaxOps = 96;

    /// <summary>Bytes of the longest instruction.</summary>
    public const int MaxInstructionLength = 15;

    /// <summary>Most instructions that one block takes.</summary>
    public const int MaxInstructions = 48;

    private readonly HandlerTable _handlers;
    private readonly InstructionSet _instructionSet;
    private readonly GuestCodeReader _reader = new();
    private readonly Decoder[] _decoders;

    public BlockDecoder(HandlerTable handlers, CpuidTable cpuid)
    {
        _handlers = handlers;
        _instructionSet = new InstructionSet(cpuid);
        _decoders = [.. new[] { 16, 32, 64 }.Select(bits => Decoder.Create(bits, _reader, _instructionSet.DecoderOptions))];
    }

    /// <summary>
    /// Fills in a block whose Key and Ops are set. A block ends after a branch, after an instruction that changes what decoding
    /// depends on, before the first instruction that would cross into the next page (unless it is the first), or when it is
    /// long enough. Its length is zero when not even the first instruction can be fetched whole: its only operation then
    /// fetches the missing bytes' page, so that the fault is raised, or treats them as invalid.
    /// </summary>
    /// <param name="block">The block.</param>
    /// <param name="memory">Where the code is.</param>
    /// <param name="nextPage">The page that follows in linear space, if it can be fetched from.</param>
    /// <param name="codeSize">0, 1 or 2.</param>
    /// <param name="maxLength">Bytes up to the code segment's limit.</param>
    /// <param name="maxInstructions">Instructions after which the block ends in any case.</param>
    public void Decode(Block* block, GuestMemory memory, ulong? nextPage, int codeSize, ulong maxLength, int maxInstructions)
    {
        var address = block->Address;
        var inPage = (int)Math.Min(0x1000 - (address & 0xFFF), maxLength);
        var guards = 0u;
        var offset = 0;
        var count = 0;
        block->LastPage = address >> 12;
        var instructions = 0;
        while (instructions < maxInstructions && offset < inPage)
        {
            // SAFETY: address is in RAM and inPage stays within its page; the next page, if given, is RAM too.
            var left = Math.Min(inPage - offset, MaxInstructionLength);
            var atLimit = (ulong)(offset + MaxInstructionLength) > maxLength;
            var nextLeft = offset == 0 && nextPage is not null
                ? (int)Math.Min((ulong)(MaxInstructionLength - left), maxLength - (ulong)left) : 0;
            _reader.Start(memory.HostBase + address + (ulong)offset, left,
                memory.HostBase + (nextPage.GetValueOrDefault() << 12), nextLeft);
            var decoder = _decoders[codeSize];
            decoder.IP = (ulong)offset;
            decoder.Decode(out var instruction);

            if (instruction.IsInvalid && decoder.LastError == DecoderError.NoMoreBytes && _reader.Consumed < MaxInstructionLength)
            {
                if (offset > 0)
                    break;
                // The bytes end at the page's end or at the segment's limit.
                count = Add(block, count, 1, default, atLimit && nextPage is not null || inPage < 0x1000 - (int)(address & 0xFFF)
                    ? &Fetches.BeyondLimit : &Fetches.NextPage, 0, 0, codeSize);
                block->Count = count;
                block->Length = 0;
                return;
            }
            if (_reader.Consumed > left)
                block->LastPage = nextPage!.Value;

            delegate*<Vcpu, Op*, Status> handler;
            var guard = Guard.None;
            var isKnown = false;
            if (instruction.IsInvalid)
            {
                // Fifteen bytes and no end: #GP; anything else that is no instruction: #UD (SDM 2A 2.3.11).
                handler = _reader.Consumed >= MaxInstructionLength && OverlongInstruction.GoesOn(_reader.Bytes, decoder.Bitness, _instructionSet.DecoderOptions)
                    ? &Fetches.TooLong : &Fetches.Invalid;
            }
            else
            {
                isKnown = _instructionSet.Has(instruction.Code);
                handler = isKnown ? _handlers.Find(instruction.Code, HasModRmMemory(instruction)) : &Fetches.Invalid;
                guard = _handlers.GuardOf(instruction.Code);
            }
            if (handler == null)
                handler = &Fetches.Unknown;

            var length = Math.Max(_reader.Consumed, 1);
            if (guard != Guard.None && (guards & (1u << (int)guard)) == 0)
            {
                guards |= 1u << (int)guard;
                count = Add(block, count, instructions + 1, default, Guards.HandlerOf(guard), offset, length, codeSize);
            }
            count = Add(block, count, instructions + 1, instruction, handler, offset, length, codeSize);
            if (isKnown)
                block->Ops[count - 1].Run = null;
            if (X87Opcode.Applies(instruction.Code))
                block->Ops[count - 1].Immediate = X87Opcode.Of(_reader.Bytes);
            offset += length;
            instructions++;
            if (EndsBlock(instruction))
                break;
            if (offset > left && block->LastPage != address >> 12)
                break;
        }
        // The end operation; never reached after an unconditional branch.
        count = Add(block, count, instructions, default, &Fetches.End, offset, 0, codeSize);
        block->Ops[count - 1].Run = &ChainedBranches.End;
        block->Count = count;
        block->Length = offset;
        _handlers.Chain(block);
    }

    private static bool HasModRmMemory(in Instruction instruction)
    {
        for (var i = 0; i < instruction.OpCount; i++)
        {
            if (instruction.GetOpKind(i) == OpKind.Memory)
                return true;
        }
        return false;
    }

    private static bool EndsBlock(in Instruction instruction) =>
        instruction.IsInvalid || instruction.FlowControl != FlowControl.Next || BlockEnders.Contains(instruction.Code);

    private static int Add(Block* block, int count, int ordinal, in Instruction instruction, delegate*<Vcpu, Op*, Status> handler, int offset,
        int length, int codeSize)
    {
        var op = block->Ops + count;
        *op = default;
        op->Execute = handler;
        op->Ordinal = (byte)ordinal;
        op->Code = (ushort)instruction.Code;
        op->Offset = (ushort)offset;
        op->Length = (byte)length;
        op->Base = op->Index = RegisterFile.Zero;
        op->Segment = SegmentIndex.Ds;
        OperandDecoder.Fill(op, instruction, codeSize);
        op->Run = &Chain.Plain;
        return count + 1;
    }
}
