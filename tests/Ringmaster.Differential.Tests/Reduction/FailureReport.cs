using System.Globalization;
using System.Text;
using Iced.Intel;
using Ringmaster.Differential.Tests.Cases;
using Ringmaster.Differential.Tests.Comparison;
using Ringmaster.Differential.Tests.Engine;
using Ringmaster.Differential.Tests.Native;

namespace Ringmaster.Differential.Tests.Reduction;

/// <summary>Writes a reduced case down: its code, where it started, where host and engine part.</summary>
internal static class FailureReport
{
    private static readonly string[] s_names =
        ["RAX", "RCX", "RDX", "RBX", "RSP", "RBP", "RSI", "RDI", "R8", "R9", "R10", "R11", "R12", "R13", "R14", "R15"];

    /// <summary>A line that groups failures with the same cause, as far as that can be seen.</summary>
    public static string Signature(TestCase test, IReadOnlyList<FieldDifference> differences)
    {
        var last = test.Instructions.Count == 0 ? "nothing" : string.Join(' ', test.Instructions.TakeLast(2).Select(i => i.Instruction.Code));
        var fields = differences.Select(d => d.Name.TrimEnd("0123456789".ToCharArray()).Split(' ')[0]).Select(n => n[0] == '[' ? "memory" : n);
        return $"{(test.Is32Bit ? "32" : "64")} {last}: {string.Join(' ', fields.Distinct().Order())}";
    }

    /// <summary>The report.</summary>
    public static string Write(ulong seed, TestCase test, Outcome host, IReadOnlyList<FieldDifference> differences)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"RINGMASTER_DIFFERENTIAL_SEED={seed} RINGMASTER_DIFFERENTIAL_CASE={test.Number}");
        text.AppendLine(test.Is32Bit ? " (32-bit code)" : " (64-bit code)");
        WriteCode(text, test);
        WriteState(text, test.Before, test.Is32Bit ? 8 : 16);
        text.AppendLine(CultureInfo.InvariantCulture,
            $"  host: exception {host.Vector}, error code {host.Error:X}, CR2 {host.Cr2:X}, RIP {host.Registers.Rip:X}");
        foreach (var difference in differences.Take(12))
            text.AppendLine(CultureInfo.InvariantCulture, $"  {difference.Name}: host {difference.Host}, engine {difference.Engine}");
        return text.ToString();
    }

    private static void WriteCode(StringBuilder text, TestCase test)
    {
        var assembler = new CaseAssembler();
        assembler.TryAssemble(test);
        var bytes = assembler.Bytes;
        var formatter = new NasmFormatter();
        for (var i = 0; i < test.Instructions.Count; i++)
        {
            var start = (int)(assembler.Addresses[i] - test.CodeAddress);
            var end = Math.Min((int)(assembler.Addresses[i + 1] - test.CodeAddress), bytes.Length);
            var item = test.Instructions[i];
            var instruction = item.Instruction;
            var output = new StringOutput();
            if (item.Target is { } target)
                output.Write($"{instruction.Mnemonic} to {assembler.Addresses[target]:X}", FormatterTextKind.Text);
            else
                formatter.Format(instruction, output);
            var encoding = start < end ? Convert.ToHexString(bytes[start..end]) : "";
            text.AppendLine(CultureInfo.InvariantCulture, $"    {assembler.Addresses[i]:X} {encoding,-32} {output} ({instruction.Code})");
        }
    }

    private static void WriteState(StringBuilder text, in RegisterFrame frame, int registers)
    {
        text.Append("   ");
        for (var i = 0; i < registers; i++)
        {
            if (frame.General[i] != 0)
                text.Append(CultureInfo.InvariantCulture, $" {s_names[i]}={frame.General[i]:X}");
        }
        text.Append(CultureInfo.InvariantCulture, $" RFLAGS={frame.Rflags:X}");
        if (frame.Fx.Mxcsr != 0x1F80)
            text.Append(CultureInfo.InvariantCulture, $" MXCSR={frame.Fx.Mxcsr:X}");
        if (frame.Fx.ControlWord != 0x37F || frame.Fx.StatusWord != 0 || frame.Fx.TagWord != 0)
            text.Append(CultureInfo.InvariantCulture, $" FCW={frame.Fx.ControlWord:X} FSW={frame.Fx.StatusWord:X} FTW={frame.Fx.TagWord:X}");
        for (var i = 0; i < 8; i++)
        {
            var value = frame.Fx.Stack[i].Value;
            if (value != default)
                text.Append(CultureInfo.InvariantCulture, $" ST{i}={value.SignExponent:X4}:{value.Significand:X16}");
        }
        for (var i = 0; i < 16; i++)
        {
            if (frame.Fx.Xmm[2 * i] != 0 || frame.Fx.Xmm[2 * i + 1] != 0)
                text.Append(CultureInfo.InvariantCulture, $" XMM{i}={frame.Fx.Xmm[2 * i + 1]:X16}_{frame.Fx.Xmm[2 * i]:X16}");
            if (frame.YmmHigh[2 * i] != 0 || frame.YmmHigh[2 * i + 1] != 0)
                text.Append(CultureInfo.InvariantCulture, $" YMM{i}H={frame.YmmHigh[2 * i + 1]:X16}_{frame.YmmHigh[2 * i]:X16}");
        }
        text.AppendLine();
    }
}
