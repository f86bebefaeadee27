using System.Buffers.Binary;

namespace Ringmaster.Host.Kvm;

/// <summary>
/// The guest that tells whether a host runs unmodified systems. It does what they all do: starts in real mode, goes on to protected
/// mode and to long mode, and says from each where it is by a write to <see cref="ModePort"/>. Then it computes and writes to two
/// ports in turn, forever.
/// </summary>
internal static class ProbeGuest
{
    /// <summary>Bytes of its memory, from guest-physical address 0.</summary>
    internal const int MemorySize = 0x6000;

    /// <summary>Its first instruction. CS has base 0.</summary>
    internal const ulong Start = 0x1000;

    /// <summary>The guest writes its mode's bits here: 16, 32, 64.</summary>
    internal const ushort ModePort = 0x10;

    /// <summary>Written after one addition on a vector register, which every 64-bit processor has.</summary>
    internal const ushort VectorPort = 0x12;

    /// <summary>Written after <see cref="Rounds"/> rounds of additions on general registers.</summary>
    internal const ushort ComputedPort = 0x11;

    /// <summary>Rounds of three instructions.</summary>
    internal const int Rounds = 2000;

    private const int Gdt = 0x2000, GdtPointer = Gdt + 24, Pml4 = 0x3000, PageDirectoryPointers = 0x4000, PageDirectory = 0x5000;

    private static ReadOnlySpan<byte> Code =>
    [
        // 1000: real mode
        0xB0, 16,                                     // mov al, 16
        0xE6, (byte)ModePort,                         // out 10h, al
        0x0F, 0x01, 0x16, 0x18, 0x20,                 // lgdt [2018h]
        0x0F, 0x20, 0xC0,                             // mov eax, cr0
        0x0C, 0x01,                                   // or al, 1                  ; PE
        0x0F, 0x22, 0xC0,                             // mov cr0, eax
        0x66, 0xEA, 0x19, 0x10, 0x00, 0x00, 0x08, 0x00, // jmp 8:1019h
        // 1019: protected mode
        0xB0, 32,                                     // mov al, 32
        0xE6, (byte)ModePort,                         // out 10h, al
        0x0F, 0x20, 0xE0,                             // mov eax, cr4
        0x0D, 0x20, 0x02, 0x00, 0x00,                 // or eax, 220h              ; PAE, OSFXSR
        0x0F, 0x22, 0xE0,                             // mov cr4, eax
        0xB8, 0x00, 0x30, 0x00, 0x00,                 // mov eax, 3000h
        0x0F, 0x22, 0xD8,                             // mov cr3, eax
        0xB9, 0x80, 0x00, 0x00, 0xC0,                 // mov ecx, C0000080h        ; EFER
        0x0F, 0x32,                                   // rdmsr
        0x80, 0xCC, 0x01,                             // or ah, 1                  ; LME
        0x0F, 0x30,                                   // wrmsr
        0x0F, 0x20, 0xC0,                             // mov eax, cr0
        0x0D, 0x00, 0x00, 0x00, 0x80,                 // or eax, 80000000h         ; PG
        0x0F, 0x22, 0xC0,                             // mov cr0, eax
        0xEA, 0x4E, 0x10, 0x00, 0x00, 0x10, 0x00,     // jmp 10h:104Eh
        // 104E: long mode
        0xB0, 64,                                     // mov al, 64
        0xE6, (byte)ModePort,                         // out 10h, al
        // 1052: compute
        0x66, 0x0F, 0xD4, 0xC0,                       // paddq xmm0, xmm0
        0xE6, (byte)VectorPort,                       // out 12h, al
        0xB9, Rounds & 0xFF, Rounds >> 8, 0x00, 0x00, // mov ecx, 2000
        0x48, 0x01, 0xD2,                             // add rdx, rdx
        0xFF, 0xC9,                                   // dec ecx
        0x75, 0xF9,                                   // jnz the addition
        0xE6, (byte)ComputedPort,                     // out 11h, al
        0xEB, 0xEA,                                   // jmp compute
    ];

    /// <summary>Fills the guest's memory: program, descriptors, and page tables that map the first 2 MiB one to one.</summary>
    internal static void Load(Span<byte> memory)
    {
        memory.Clear();
        Code.CopyTo(memory[(int)Start..]);
        // Flat code segments at privilege level 0: one of 32 bits, one of 64 (SDM 3A 3.4.5).
        Write(memory, Gdt + 8, 0x00CF_9B00_0000_FFFF);
        Write(memory, Gdt + 16, 0x00AF_9B00_0000_FFFF);
        // The limit in two bytes, then the base.
        Write(memory, GdtPointer, Gdt << 16 | 23);
        // Present and writable; the last entry a page of 2 MiB (SDM 3A 4.5).
        Write(memory, Pml4, PageDirectoryPointers | 3);
        Write(memory, PageDirectoryPointers, PageDirectory | 3);
        Write(memory, PageDirectory, 0x83);
    }

    private static void Write(Span<byte> memory, int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(memory[at..], value);
}
