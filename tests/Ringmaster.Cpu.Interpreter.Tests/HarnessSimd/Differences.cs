using System.Text;
using Iced.Intel;

namespace Ringmaster.Cpu.Interpreter.Tests.HarnessSimd;

/// <summary>Says how two states differ, for a failing test's message.</summary>
internal static unsafe class Differences
{
    private const ulong StatusFlags = 0x8D5;

    /// <summary>An empty string if the states are equal.</summary>
    public static string Of(
        VectorState expected, VectorState actual, ulong undefinedFlags, bool comparesMmx, byte* expectedMemory, byte* actualMemory, int size)
    {
        var text = new StringBuilder();
        for (var i = 0; i < 64; i++)
            Compare(text, $"ymm{i / 4}[{i % 4}]", expected.Vectors[i], actual.Vectors[i]);
        for (var i = 0; i < 16; i++)
            Compare(text, $"r{i}", expected.General[i], actual.General[i]);
        if (comparesMmx)
        {
            for (var i = 0; i < 8; i++)
                Compare(text, $"mm{i}", expected.Mmx[i], actual.Mmx[i]);
            Compare(text, "top of stack", (uint)expected.Environment[5] & 0x38u, (uint)actual.Environment[5] & 0x38u);
            Compare(text, "tags", (expected.Environment[8] | (uint)expected.Environment[9] << 8) == 0xFFFF ? 0u : 1,
                (actual.Environment[8] | (uint)actual.Environment[9] << 8) == 0xFFFF ? 0u : 1);
        }
        Compare(text, "flags", expected.Flags & StatusFlags & ~undefinedFlags, actual.Flags & StatusFlags & ~undefinedFlags);
        Compare(text, "mxcsr", expected.Mxcsr, actual.Mxcsr);
        for (var i = 0; i < size; i += 8)
            Compare(text, $"memory+{i}", *(ulong*)(expectedMemory + i), *(ulong*)(actualMemory + i));
        return text.ToString();
    }

    /// <summary>The operands before the instruction.</summary>
    public static string Describe(VectorState before, in Instruction instruction, byte* memory)
    {
        var text = new StringBuilder();
        for (var i = 0; i < instruction.OpCount; i++)
        {
            if (instruction.GetOpKind(i) != OpKind.Register)
                continue;
            var register = instruction.GetOpRegister(i);
            if (register.IsGPR())
                text.AppendLine($"{register} = {before.General[register.GetNumber()]:X16}");
            else if (register.IsVectorRegister())
                text.AppendLine($"{register} = {Words(before.Vectors[4 * register.GetNumber() + 3], before.Vectors[4 * register.GetNumber() + 2])}_{Words(before.Vectors[4 * register.GetNumber() + 1], before.Vectors[4 * register.GetNumber()])}");
            else
                text.AppendLine($"{register} = {before.Mmx[register.GetNumber()]:X16}");
        }
        if (memory != null)
            text.AppendLine($"memory = {Words(((ulong*)memory)[3], ((ulong*)memory)[2])}_{Words(((ulong*)memory)[1], ((ulong*)memory)[0])}");
        text.AppendLine($"mxcsr = {before.Mxcsr:X4}, flags = {before.Flags:X}");
        return text.ToString();
    }

    private static string Words(ulong high, ulong low) => $"{high:X16}_{low:X16}";

    private static void Compare(StringBuilder text, string name, ulong expected, ulong actual)
    {
        if (expected != actual)
            text.AppendLine($"{name}: host {expected:X16}, guest {actual:X16}");
    }
}
