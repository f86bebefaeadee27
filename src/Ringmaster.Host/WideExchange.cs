using System.Runtime.Intrinsics.X86;

namespace Ringmaster.Host;

/// <summary>Compare-and-exchange of 16 bytes, which the runtime has no call for: the host's own LOCK CMPXCHG16B.</summary>
public static unsafe class WideExchange
{
    /// <summary>
    /// int Exchange(place, expected, value), C calling convention. Whatever it finds goes to where the expected value came from.
    /// </summary>
    private static ReadOnlySpan<byte> Code =>
    [
        0x53, // push rbx
        0x49, 0x89, 0xD0, // mov r8, rdx
        0x48, 0x8B, 0x06, // mov rax, [rsi]
        0x48, 0x8B, 0x56, 0x08, // mov rdx, [rsi + 8]
        0x49, 0x8B, 0x18, // mov rbx, [r8]
        0x49, 0x8B, 0x48, 0x08, // mov rcx, [r8 + 8]
        0xF0, 0x48, 0x0F, 0xC7, 0x0F, // lock cmpxchg16b [rdi]
        0x48, 0x89, 0x06, // mov [rsi], rax
        0x48, 0x89, 0x56, 0x08, // mov [rsi + 8], rdx
        0x0F, 0x94, 0xC0, // sete al
        0x0F, 0xB6, 0xC0, // movzx eax, al
        0x5B, // pop rbx
        0xC3, // ret
    ];

    private static readonly CodeMemory? s_memory = Prepare();

    /// <summary>Whether this host has the instruction and lets the process run code of its own.</summary>
    public static bool IsSupported => s_memory is not null;

    /// <summary>Stores a value if the place still holds the expected one, atomically.</summary>
    /// <param name="place">16 bytes, aligned to 16.</param>
    /// <param name="expected">The old value; on failure it receives the present one.</param>
    /// <param name="value">The new value.</param>
    /// <returns>Whether it was stored.</returns>
    /// <exception cref="NotSupportedException">See <see cref="IsSupported"/>.</exception>
    public static bool TryReplace(UInt128* place, ref UInt128 expected, UInt128 value)
    {
        if (s_memory is null)
            throw new NotSupportedException("This host has no exchange of 16 bytes. Ask IsSupported first.");
        var found = expected;
        // SAFETY: the code is a whole function that touches only these three places; it is short, so the collector may wait for it.
        var exchange = (delegate* unmanaged[SuppressGCTransition]<UInt128*, UInt128*, UInt128*, int>)s_memory.Executable;
        var replaced = exchange(place, &found, &value) != 0;
        expected = found;
        return replaced;
    }

    private static CodeMemory? Prepare()
    {
        const int cmpxchg16b = 1 << 13;
        if (!X86Base.IsSupported || (X86Base.CpuId(1, 0).Ecx & cmpxchg16b) == 0)
            return null;
        try
        {
            var memory = CodeMemory.Create(4096);
            Code.CopyTo(new Span<byte>(memory.Writable, memory.Size));
            return memory;
        }
        catch (LinuxException)
        {
            return null;
        }
    }
}
