using System.Runtime.InteropServices;
using Ringmaster.Cpu.Translator.Emission;
using Ringmaster.Cpu.Translator.Execution;
using Ringmaster.Host;

namespace Ringmaster.Cpu.Translator.Runtime;

/// <summary>
/// Host faults inside generated code: a misaligned vector operand, or an address that is not canonical. A signal handler of
/// machine code lets the thread go on at the code cache's fault routine; every other fault goes to the handler that was there
/// before, the runtime's.
/// </summary>
/// <remarks>A process has one handler, so this is shared by all machines in it.</remarks>
internal static unsafe class HostFaults
{
    private const int MaxRanges = 256;

    // ucontext_t: gregs begin at 40; RIP is the 17th of them (glibc, sys/ucontext.h).
    private const int RipInContext = 40 + 16 * 8;

    private static readonly Lock s_lock = new();
    private static readonly Range* s_ranges = (Range*)NativeMemory.AllocZeroed(MaxRanges, (nuint)sizeof(Range));
    private static readonly List<CodeMemory> s_handlers = [];

    /// <summary>Takes care of the faults in a range of generated code.</summary>
    /// <param name="start">First byte of the code.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="target">Where the thread goes on; <see cref="TranslatorFile.FaultAddress"/> then says where the fault was.</param>
    /// <exception cref="InvalidOperationException">Too many machines in one process.</exception>
    public static void Watch(ulong start, ulong length, ulong target)
    {
        lock (s_lock)
        {
            if (s_handlers.Count == 0)
            {
                s_handlers.Add(Install(SignalAction.SegmentationViolation));
                // What a stack access with an address that is not canonical raises, #SS, Linux reports so.
                s_handlers.Add(Install(SignalAction.BusError));
            }
            for (var i = 0; i < MaxRanges; i++)
            {
                if (s_ranges[i].Length != 0)
                    continue;
                // The length last: it makes the range count.
                s_ranges[i].Start = start;
                s_ranges[i].Target = target;
                Volatile.Write(ref s_ranges[i].Length, length);
                return;
            }
        }
        throw new InvalidOperationException($"There are {MaxRanges} machines with the engine \"translator\" in this process already.");
    }

    /// <summary>The range's code is about to go.</summary>
    public static void Unwatch(ulong start)
    {
        lock (s_lock)
        {
            for (var i = 0; i < MaxRanges; i++)
            {
                if (s_ranges[i].Start == start)
                    Volatile.Write(ref s_ranges[i].Length, 0);
            }
        }
    }

    private static CodeMemory Install(int signal)
    {
        var memory = CodeMemory.Create(4096);
        var code = new HostAssembler(4096);
        code.Start((ulong)memory.Executable);
        HostLabel next = code.NewLabel(), found = code.NewLabel();
        // Arguments: EDI signal, RSI siginfo, RDX context. All registers but these may be used.
        code.Load(HostRegister.Rax, Address.At(HostRegister.Rdx, RipInContext));
        code.Constant(HostRegister.Rcx, (ulong)s_ranges);
        code.Constant(HostRegister.R8, MaxRanges);
        code.Bind(next);
        code.Move(HostRegister.R9, HostRegister.Rax);
        code.Do(Alu.Subtract, HostRegister.R9, Address.At(HostRegister.Rcx));
        code.Do(Alu.Compare, HostRegister.R9, Address.At(HostRegister.Rcx, 8));
        code.Jump(Condition.Below, found);
        code.Do(Alu.Add, HostRegister.Rcx, sizeof(Range));
        code.Do(Alu.Subtract, HostRegister.R8, 1);
        code.Jump(Condition.NotEqual, next);
        code.Constant(HostRegister.Rax, (ulong)SignalAction.HandlerOf(signal));
        code.Jump(HostRegister.Rax);
        code.Bind(found);
        code.Store(Address.Area(Area.FaultAddress), HostRegister.Rax);
        code.Load(HostRegister.Rax, Address.At(HostRegister.Rcx, 16));
        code.Store(Address.At(HostRegister.Rdx, RipInContext), HostRegister.Rax);
        code.Return();
        code.Finish();
        code.Code.CopyTo(new Span<byte>(memory.Writable, memory.Size));
        SignalAction.SetHandler(signal, (nint)memory.Executable);
        return memory;
    }

    private struct Range
    {
        public ulong Start;
        public ulong Length;
        public ulong Target;
    }
}
