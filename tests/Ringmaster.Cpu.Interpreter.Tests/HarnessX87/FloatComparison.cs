using System.Text;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Tests.HarnessX87;

/// <summary>Executes an instruction with many states on the host and in the interpreter and reports where they differ.</summary>
internal static unsafe class FloatComparison
{
    private const ushort ErrorSummary = 0x80;

    /// <param name="instruction">Its bytes; memory operands through RSI.</param>
    /// <param name="count">States to try.</param>
    /// <param name="ignoredStatus">Bits of FSW that the manuals leave undefined for it.</param>
    /// <param name="toleratesLastBit">Registers may differ by one unit in the last place.</param>
    /// <param name="prepare">Changes a random state before it is used.</param>
    /// <returns>Empty, or a description of the first differences.</returns>
    public static string Differences(byte[] instruction, int count, ushort ignoredStatus = 0, PrepareCase? prepare = null,
        bool toleratesLastBit = false)
    {
        using var native = new NativeFloat(instruction);
        using var interpreted = new InterpretedFloat();
        interpreted.Prepare(instruction);
        var samples = new FloatSamples(instruction[0] * 256 + instruction[1]);
        var report = new StringBuilder();
        var failures = 0;
        for (var i = 0; i < count; i++)
        {
            var input = samples.Case();
            prepare?.Invoke(ref input, samples);
            var expected = native.Run(input);
            var actual = interpreted.Run(input, out var status);
            if (TinyOperands.AreReturned(instruction, input, expected, actual))
                continue;
            var before = report.Length;
            Compare(report, input, expected, actual, status, native, interpreted, ignoredStatus, toleratesLastBit);
            if (report.Length == before)
                continue;
            failures++;
            Describe(report, input, expected);
            if (failures == 4)
                break;
        }
        return report.ToString();
    }

    private static void Compare(StringBuilder report, FloatCase input, FloatCase expected, FloatCase actual, Status status, NativeFloat native,
        InterpretedFloat interpreted, ushort ignoredStatus, bool toleratesLastBit)
    {
        void Check(string what, ulong host, ulong own)
        {
            if (host != own)
                report.Append($"{what}: host {host:X}, interpreter {own:X}; ");
        }

        if (status != Status.Next)
            report.Append($"status {status}; ");
        Check("FCW", expected.ControlWord, actual.ControlWord);
        Check("FSW", (ulong)(expected.StatusWord & ~ignoredStatus), (ulong)(actual.StatusWord & ~ignoredStatus));
        Check("FTW", expected.TagWord, actual.TagWord);
        // FNSTENV has the lower halves of the pointers.
        var raised = (expected.StatusWord & ErrorSummary) != 0;
        if (raised || !HostPointers.OpcodeForExceptionsOnly)
            Check("FOP", expected.Environment[4] >> 16, actual.LastOpcode);
        Check("FCS", expected.Environment[4] & 0xFFFF, interpreted.Cpu.Fpu.LastInstructionSelector);
        Check("FIP", Relative(expected.Environment[3], native.InstructionAddress, InterpretedFloat.CodeAddress), (uint)actual.LastInstruction);
        if (raised || !HostPointers.OperandForExceptionsOnly)
            Check("FDP", Relative(expected.Environment[5], native.MemoryAddress, InterpretedFloat.MemoryAddress), (uint)actual.LastData);
        Check("MXCSR", expected.Mxcsr, actual.Mxcsr);
        Check("RAX", expected.Rax, actual.Rax);
        Check("RCX", expected.Rcx, actual.Rcx);
        Check("RDX", expected.Rdx, actual.Rdx);
        Check("flags", expected.Flags & 0x8D5, actual.Flags);
        for (var i = 0; i < 8; i++)
        {
            if (toleratesLastBit && Distance(expected.St(i), actual.St(i)) <= 1)
                continue;
            Check($"ST{i}", expected.St(i)[0], actual.St(i)[0]);
            Check($"ST{i}.exp", expected.St(i)[1] & 0xFFFF, actual.St(i)[1]);
        }
        for (var i = 0; i < 16; i++)
        {
            Check($"XMM{i}", expected.Xmm(i)[0], actual.Xmm(i)[0]);
            Check($"XMM{i}.high", expected.Xmm(i)[1], actual.Xmm(i)[1]);
        }
        for (var i = 0; i < FloatCase.MemorySize; i += 8)
            Check($"[{i}]", BitConverter.ToUInt64(expected.Bytes[i..]), BitConverter.ToUInt64(actual.Bytes[i..]));
    }

    private static UInt128 Distance(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right)
    {
        // Neighbouring numbers have neighbouring positions, across binades too; the sign sets them apart.
        var (a, b) = (Position(left), Position(right));
        return a > b ? a - b : b - a;
    }

    private static UInt128 Position(ReadOnlySpan<ulong> register) =>
        ((UInt128)(register[1] & 0xFFFF) << 63) + (register[0] & long.MaxValue);

    private static ulong Relative(uint pointer, ulong host, ulong own) => pointer == (uint)host ? own : pointer;

    private static void Describe(StringBuilder report, FloatCase input, FloatCase expected)
    {
        report.Append($"\n   from FCW {input.ControlWord:X4} FSW {input.StatusWord:X4} FTW {input.TagWord:X2} flags {input.Flags:X}");
        for (var i = 0; i < 3; i++)
            report.Append($" ST{i} {input.St(i)[1]:X4}:{input.St(i)[0]:X16}");
        report.Append($" [0] {BitConverter.ToUInt64(input.Bytes):X16} {BitConverter.ToUInt64(input.Bytes[8..]):X16}");
        report.Append($"\n   host gives FSW {expected.StatusWord:X4} ST0 {expected.St(0)[1]:X4}:{expected.St(0)[0]:X16}\n");
    }

    internal delegate void PrepareCase(ref FloatCase input, FloatSamples samples);
}
