using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Ringmaster.Host.UserMode;

/// <summary>
/// Executes machine code on this host's processor, in this process, which is user mode. What the code raises arrives as a signal; its
/// handler notes the exception and lets the thread go on behind the code.
/// </summary>
/// <remarks>There is one for the process, and one thread uses it: the handlers of signals belong to the process.</remarks>
public sealed unsafe class UserModeProcessor
{
    /// <summary>Bytes that RDI points to.</summary>
    public const int DataSize = 64;

    // ucontext_t: the general registers begin at 40; RIP is the 17th, then flags, segments, error code and vector (sys/ucontext.h).
    private const int RipInContext = 40 + 16 * 8, FlagsInContext = RipInContext + 8, ErrorInContext = FlagsInContext + 16, VectorInContext = ErrorInContext + 8;

    private const int PageSize = 4096, StackSize = 16 * PageSize, NoVector = -1;

    // TF and AC: with them nothing else would get far.
    private const uint TroubleFlags = 0x4_0100;

    // SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV (signal(7)).
    private static readonly int[] s_signals = [4, 5, SignalAction.BusError, 8, SignalAction.SegmentationViolation];

    private readonly Record* _record = (Record*)NativeMemory.AllocZeroed((nuint)sizeof(Record));
    private readonly List<LowMemory> _handlers = [];

    // Below 4 GiB: there are processors, emulated ones, that take no more than 32 bits of RSP in far calls of 32-bit operands.
    private readonly LowMemory _stack = new(StackSize);

    /// <summary>Puts the handlers in place, for the rest of the process's life.</summary>
    /// <exception cref="LinuxException">The host does not let this process execute memory of its own.</exception>
    public UserModeProcessor()
    {
        foreach (var signal in s_signals)
        {
            var former = SignalAction.HandlerOf(signal);
            var handler = new LowMemory(PageSize);
            _handlers.Add(handler);
            handler.Fill(Handler(former));
            SignalAction.SetHandler(signal, (nint)handler.Address);
        }
    }

    /// <summary>Executes code.</summary>
    /// <param name="code">
    /// Makes the code for an address in the first 2 GiB. It finds zero in RAX, and <see cref="DataSize"/> bytes of zeros where RDI points
    /// to; it may change all registers but FS, and leave the stack as it likes. Its end is behind its last byte.
    /// </param>
    /// <exception cref="LinuxException">The host does not let this process execute memory of its own.</exception>
    public UserModeOutcome Execute(Func<ulong, byte[]> code)
    {
        ArgumentNullException.ThrowIfNull(code);
        _record->Vector = NoVector;
        new Span<byte>(_record->Data, DataSize).Clear();
        using var memory = new LowMemory(PageSize);
        memory.Fill(Frame(code, (ulong)memory.Address));
        // SAFETY: the frame keeps what the calling convention asks it to keep, and returns, by itself or through a handler.
        var value = ((delegate* unmanaged<byte*, ulong>)memory.Address)(_record->Data);
        var vector = (int)_record->Vector;
        return vector == NoVector ? new(value, null, 0) : new(value, vector, (uint)_record->Error);
    }

    private byte[] Frame(Func<ulong, byte[]> code, ulong start)
    {
        byte[] enter =
        [
            0x53,                                       // push rbx
            0x55,                                       // push rbp
            0x41, 0x54,                                 // push r12
            0x41, 0x55,                                 // push r13
            0x41, 0x56,                                 // push r14
            0x41, 0x57,                                 // push r15
            0x9C,                                       // pushfq
            0x48, 0xB8, .. Quad(&_record->Stack),       // mov rax, where the stack pointer is kept
            0x48, 0x89, 0x20,                           // mov [rax], rsp
            0x48, 0xBC, .. Quad(_stack.End),            // mov rsp, the end of the other stack
            0x31, 0xC0,                                 // xor eax, eax
        ];
        // .NET has no use for GS, and nothing else runs in between.
        byte[] leave =
        [
            0x31, 0xC9,                                 // xor ecx, ecx
            0x8E, 0xE9,                                 // mov gs, ecx
            0x48, 0xB9, .. Quad(&_record->Stack),       // mov rcx, where the stack pointer is kept
            0x48, 0x8B, 0x21,                           // mov rsp, [rcx]
            0x9D,                                       // popfq
            0x41, 0x5F,                                 // pop r15
            0x41, 0x5E,                                 // pop r14
            0x41, 0x5D,                                 // pop r13
            0x41, 0x5C,                                 // pop r12
            0x5D,                                       // pop rbp
            0x5B,                                       // pop rbx
            0xC3,                                       // ret
        ];
        _record->Start = start + (ulong)enter.Length;
        var body = code(_record->Start);
        _record->End = _record->Start + (ulong)body.Length;
        return [.. enter, .. body, .. leave];
    }

    /// <summary>
    /// The handler of a signal: EDI has its number, RSI what is known of it, RDX the context. Signals from elsewhere go to the former
    /// handler; where there was none, the process ends.
    /// </summary>
    private byte[] Handler(nint former) =>
    [
        0x48, 0xB9, .. Quad(_record),                   // mov rcx, the record
        0x48, 0x8B, 0x82, .. Long(RipInContext),        // mov rax, [rdx + rip]
        0x48, 0x3B, 0x01,                               // cmp rax, [rcx]           ; start
        0x72, 0x33,                                     // jb elsewhere
        0x48, 0x3B, 0x41, 0x08,                         // cmp rax, [rcx + 8]       ; end
        0x77, 0x2D,                                     // ja elsewhere
        0x48, 0x8B, 0x82, .. Long(VectorInContext),     // mov rax, [rdx + vector]
        0x48, 0x89, 0x41, 0x10,                         // mov [rcx + 16], rax
        0x48, 0x8B, 0x82, .. Long(ErrorInContext),      // mov rax, [rdx + error]
        0x48, 0x89, 0x41, 0x18,                         // mov [rcx + 24], rax
        0x48, 0x8B, 0x41, 0x08,                         // mov rax, [rcx + 8]
        0x48, 0x89, 0x82, .. Long(RipInContext),        // mov [rdx + rip], rax
        0x48, 0x81, 0xA2, .. Long(FlagsInContext), .. Long(~(int)TroubleFlags), // and qword [rdx + flags], ~(TF | AC)
        0xC3,                                           // ret
        // elsewhere:
        .. former is 0 or 1
            ? (byte[])[0x0F, 0x0B]                      // ud2
            : [0x48, 0xB8, .. Quad((void*)former), 0xFF, 0xE0], // mov rax, the former handler; jmp rax
    ];

    private static byte[] Quad(void* address)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)address);
        return bytes;
    }

    private static byte[] Long(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    /// <summary>What the code and the handlers share; the handlers know the places of the first four.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Record
    {
        public ulong Start;
        public ulong End;
        public long Vector;
        public ulong Error;
        public ulong Stack;
        public fixed byte Data[DataSize];
    }
}
