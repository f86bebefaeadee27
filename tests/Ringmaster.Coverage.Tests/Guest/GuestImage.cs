using System.Runtime.InteropServices;
using Ringmaster.Memory;

namespace Ringmaster.Coverage.Tests.Guest;

/// <summary>Fills the test guest's memory: tables, code, data, stack.</summary>
internal static class GuestImage
{
    private const byte Halt = 0xF4;
    private static readonly byte[] s_halts = [.. Enumerable.Repeat(Halt, 0x1000)];
    private static readonly ulong[] s_filler16 = Filler(16), s_filler = Filler(32);
    private static readonly byte[] s_longTables = Tables(isLong: true), s_protectedTables = Tables(isLong: false);

    public static void Fill(GuestMemory memory, int bits)
    {
        Write(memory, 0, s_halts);
        Write(memory, GuestLayout.Code, s_halts);
        Write(memory, GuestLayout.Handlers, s_halts);
        var filler = MemoryMarshal.AsBytes<ulong>(bits == 16 ? s_filler16 : s_filler);
        Write(memory, GuestLayout.Data, filler);
        Write(memory, GuestLayout.Stack, filler);
        Write(memory, GuestLayout.PageTables, bits == 64 ? s_longTables : s_protectedTables);
    }

    private static ulong[] Filler(int bits) => [.. Enumerable.Repeat(GuestLayout.FillerOf(bits), 0x1000 / 8)];

    // From the page tables to the task state segment.
    private static byte[] Tables(bool isLong)
    {
        var bytes = new byte[GuestLayout.Tss + 0x1000 - GuestLayout.PageTables];
        void Set(uint address, ulong value) => BitConverter.TryWriteBytes(bytes.AsSpan((int)(address - GuestLayout.PageTables)), value);
        const ulong presentWritableUser = 7, large = 0x80;
        Set(GuestLayout.PageTables, (GuestLayout.PageTables + 0x1000) | presentWritableUser);
        Set(GuestLayout.PageTables + 0x1000, (GuestLayout.PageTables + 0x2000) | presentWritableUser);
        Set(GuestLayout.PageTables + 0x2000, large | presentWritableUser);

        Set(GuestLayout.Gdt + GuestLayout.Code64, Descriptor(0, 0xFFFFF, 0xA09B));
        Set(GuestLayout.Gdt + GuestLayout.Flat, Descriptor(0, 0xFFFFF, 0xC093));
        Set(GuestLayout.Gdt + GuestLayout.Code32, Descriptor(0, 0xFFFFF, 0xC09B));
        Set(GuestLayout.Gdt + GuestLayout.Code16, Descriptor(GuestLayout.Code, 0xFFFF, 0x009B));
        Set(GuestLayout.Gdt + GuestLayout.Data16, Descriptor(GuestLayout.Data, 0xFFFF, 0x0093));
        Set(GuestLayout.Gdt + GuestLayout.Stack16, Descriptor(GuestLayout.Stack, 0xFFFF, 0x0093));
        Set(GuestLayout.Gdt + GuestLayout.FreeTss, Descriptor(GuestLayout.Tss, 0x67, 0x0089));
        Set(GuestLayout.Gdt + GuestLayout.BusyTss, Descriptor(GuestLayout.Tss, 0x67, 0x008B));

        var code = isLong ? GuestLayout.Code64 : GuestLayout.Code32;
        for (var vector = 0u; vector < 256; vector++)
        {
            ulong handler = GuestLayout.Handlers + vector * 16;
            const ulong interruptGate = 0x8E00_0000_0000;
            Set(GuestLayout.Idt + vector * (isLong ? 16u : 8u), (handler & 0xFFFF) | ((ulong)code << 16) | interruptGate | (handler >> 16 << 48));
        }
        // The stack for privilege level 0: the same place in both kinds of task state segment.
        Set(GuestLayout.Tss + 4, isLong ? GuestLayout.Stack + 0xF00 : ((ulong)GuestLayout.Flat << 32) | (GuestLayout.Stack + 0xF00));
        return bytes;
    }

    private static ulong Descriptor(uint start, uint limit, uint rights) =>
        (limit & 0xFFFF) | ((ulong)(start & 0xFF_FFFF) << 16) | ((ulong)rights << 40) | ((ulong)(limit >> 16) << 48) | ((ulong)(start >> 24) << 56);

    private static void Write(GuestMemory memory, uint address, ReadOnlySpan<byte> bytes) =>
        Assert.True(memory.TryWrite(new GuestPhysicalAddress(address), bytes));
}
