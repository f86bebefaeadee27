using Iced.Intel;

namespace Ringmaster.Guests.Tests.BareMetal;

/// <summary>Small programs, assembled when the test runs.</summary>
internal static class Assembled
{
    /// <summary>The first serial port's data register.</summary>
    private const ushort Com1 = 0x3F8;

    /// <summary>Machine code.</summary>
    /// <param name="bitness">16, 32 or 64.</param>
    /// <param name="origin">The address that the code will run at.</param>
    /// <param name="write">Writes the program.</param>
    public static byte[] Code(int bitness, ulong origin, Action<Assembler> write)
    {
        var assembler = new Assembler(bitness);
        write(assembler);
        using var stream = new MemoryStream();
        assembler.Assemble(new StreamCodeWriter(stream), origin);
        return stream.ToArray();
    }

    /// <summary>Sends text to the serial port, a byte at a time, when the transmitter has room. Uses AL, AH and DX.</summary>
    public static void Print(this Assembler assembler, string text)
    {
        foreach (var character in text)
        {
            var wait = assembler.CreateLabel();
            assembler.mov(AssemblerRegisters.dx, Com1 + 5);
            assembler.Label(ref wait);
            assembler.@in(AssemblerRegisters.al, AssemblerRegisters.dx);
            assembler.test(AssemblerRegisters.al, 0x20);
            assembler.jz(wait);
            assembler.mov(AssemblerRegisters.dx, Com1);
            assembler.mov(AssemblerRegisters.al, (sbyte)character);
            assembler.@out(AssemblerRegisters.dx, AssemblerRegisters.al);
        }
    }

    /// <summary>Ends the run with a value through the debug-exit port.</summary>
    public static void Exit(this Assembler assembler, byte value)
    {
        assembler.mov(AssemblerRegisters.al, (sbyte)value);
        assembler.@out((byte)0xF4, AssemblerRegisters.al);
        var forever = assembler.CreateLabel();
        assembler.Label(ref forever);
        assembler.hlt();
        assembler.jmp(forever);
    }
}
