using System.Runtime.InteropServices;
using Iced.Intel;
using Ringmaster.Host;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Audit.Native;

/// <summary>
/// Executes instructions of the audit on this host's processor, in this process, which is user mode. What they raise arrives as a
/// signal; its handler notes the exception and lets the thread go on behind the instruction.
/// </summary>
/// <remarks>There is one for the process, and one thread uses it: the handlers of signals belong to the process.</remarks>
internal sealed unsafe class UserModeProcessor
{
    // ucontext_t: the general registers begin at 40; RIP is the 17th, then flags, segments, error code and vector (sys/ucontext.h).
    private const int RipInContext = 40 + 16 * 8, FlagsInContext = RipInContext + 8, ErrorInContext = FlagsInContext + 16, VectorInContext = ErrorInContext + 8;

    private const int PageSize = 4096, NoVector = -1;

    // TF and AC: with them nothing else would get far.
    private const int TroubleFlags = 0x4_0100;

    // SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV (signal(7)).
    private static readonly int[] s_signals = [4, 5, SignalAction.BusError, 8, SignalAction.SegmentationViolation];

    private readonly Record* _record = (Record*)NativeMemory.AllocZeroed((nuint)sizeof(Record));
    private readonly List<LowCodeMemory> _handlers = [];

    /// <summary>Puts the handlers in place, for the rest of the process's life.</summary>
    /// <exception cref="LinuxException">The host does not let this process execute memory of its own.</exception>
    internal UserModeProcessor()
    {
        foreach (var signal in s_signals)
        {
            var former = SignalAction.HandlerOf(signal);
            var handler = new LowCodeMemory(PageSize, start => AssembledInstruction.Assemble(c => Handler(c, former), start));
            _handlers.Add(handler);
            SignalAction.SetHandler(signal, (nint)handler.Address);
        }
    }

    /// <summary>Executes an instruction.</summary>
    internal Outcome Execute(AuditedInstruction instruction)
    {
        _record->Vector = NoVector;
        using var code = new LowCodeMemory(PageSize, start => Assemble(instruction, start));
        new Span<byte>(_record->Data, 64).Clear();
        // SAFETY: the code keeps what the calling convention asks it to keep, and returns, by itself or through a handler.
        var value = ((delegate* unmanaged<byte*, ulong>)code.Address)(_record->Data);
        return _record->Vector == NoVector ? Outcome.Runs(value)
            : Outcome.Traps((int)_record->Vector, HasError((int)_record->Vector) ? (uint)_record->Error : null);
    }

    private byte[] Assemble(AuditedInstruction instruction, ulong start)
    {
        var entry = AssembledInstruction.Assemble(Enter, start);
        _record->Start = start + (ulong)entry.Length;
        var body = AssembledInstruction.Of(instruction, _record->Start);
        _record->End = _record->Start + (ulong)body.Bytes.Length;
        return [.. entry, .. body.Bytes, .. AssembledInstruction.Assemble(Leave, _record->End)];
    }

    /// <summary>Saves what belongs to the caller.</summary>
    private void Enter(Assembler c)
    {
        c.push(rbx);
        c.push(rbp);
        c.push(r12);
        c.push(r13);
        c.push(r14);
        c.push(r15);
        c.pushfq();
        c.mov(rax, (ulong)&_record->Stack);
        c.mov(__[rax], rsp);
        c.xor(eax, eax);
    }

    /// <summary>Returns with RAX, wherever the stack pointer is. GS is no part of what .NET uses.</summary>
    private void Leave(Assembler c)
    {
        c.xor(ecx, ecx);
        c.mov(gs, ecx);
        c.mov(rcx, (ulong)&_record->Stack);
        c.mov(rsp, __[rcx]);
        c.popfq();
        c.pop(r15);
        c.pop(r14);
        c.pop(r13);
        c.pop(r12);
        c.pop(rbp);
        c.pop(rbx);
        c.ret();
    }

    /// <summary>The handler of a signal: EDI has its number, RDX the context. Signals from elsewhere go to the former handler.</summary>
    private void Handler(Assembler c, nint former)
    {
        var elsewhere = c.CreateLabel();
        c.mov(rcx, (ulong)_record);
        c.mov(rax, __[rdx + RipInContext]);
        c.cmp(rax, __[rcx + 8 * Record.StartIndex]);
        c.jb(elsewhere);
        c.cmp(rax, __[rcx + 8 * Record.EndIndex]);
        c.ja(elsewhere);
        c.mov(rax, __[rdx + VectorInContext]);
        c.mov(__[rcx + 8 * Record.VectorIndex], rax);
        c.mov(rax, __[rdx + ErrorInContext]);
        c.mov(__[rcx + 8 * Record.ErrorIndex], rax);
        c.mov(rax, __[rcx + 8 * Record.EndIndex]);
        c.mov(__[rdx + RipInContext], rax);
        c.and(__qword_ptr[rdx + FlagsInContext], ~TroubleFlags);
        c.ret();
        c.Label(ref elsewhere);
        if (former is 0 or 1)
        {
            c.ud2();
        }
        else
        {
            c.mov(rax, (ulong)former);
            c.jmp(rax);
        }
    }

    /// <summary>SDM 3A table 6-1.</summary>
    private static bool HasError(int vector) => vector is 8 or (>= 10 and <= 14) or 17;

    /// <summary>What the code and the handlers share.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Record
    {
        public const int StartIndex = 0, EndIndex = 1, VectorIndex = 2, ErrorIndex = 3;

        public ulong Start;
        public ulong End;
        public long Vector;
        public ulong Error;
        public ulong Stack;
        public fixed byte Data[64];
    }
}
