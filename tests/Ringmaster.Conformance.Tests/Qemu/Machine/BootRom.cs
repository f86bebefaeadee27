using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Conformance.Tests.Qemu.Machine;

/// <summary>The firmware: from the reset vector straight to the loader, which lies in memory already.</summary>
internal static class BootRom
{
    public const ushort CodeSelector = 8, DataSelector = 0x10, LongCodeSelector = 0x18;

    private const int Size = 0x1_0000, Start = 0xFF00, TableOperand = 0xFF80, ResetVector = 0xFFF0;

    public static byte[] Create()
    {
        var rom = new byte[Size];
        Put(rom, ResetVector, c => c.jmp(Start));
        Put(rom, Start, c =>
        {
            c.cli();
            c.db(0x66);
            c.lgdt(__.cs[TableOperand]);
            c.mov(eax, 0x11);
            c.mov(cr0, eax);
            c.AddInstruction(Instruction.CreateBranch(Code.Jmp_ptr1632, CodeSelector, Place.Code));
        });
        BitConverter.TryWriteBytes(rom.AsSpan(TableOperand), (ushort)0x1F);
        BitConverter.TryWriteBytes(rom.AsSpan(TableOperand + 2), Place.Gdt);
        return rom;
    }

    private static void Put(byte[] rom, int at, Action<Assembler> code)
    {
        var assembler = new Assembler(16);
        code(assembler);
        var bytes = new MemoryStream();
        assembler.Assemble(new StreamCodeWriter(bytes), (ulong)at);
        bytes.ToArray().CopyTo(rom, at);
    }
}
