using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Tests.HarnessX87;

namespace Ringmaster.Cpu.Interpreter.Tests.Mmx;

/// <summary>Every MMX instruction against the host, in its register and its memory form.</summary>
public sealed class MmxInstructionTests
{
    private const int States = 1500;

    public static TheoryData<string, string> Forms()
    {
        var data = new TheoryData<string, string>();
        foreach (var code in Enum.GetValues<Code>())
        {
            var opCode = code.ToOpCode();
            var name = code.ToString();
            if (!opCode.IsInstruction || !name.Contains("_mm", StringComparison.Ordinal) && code != Code.Emms && code != Code.Movdq2q_mm_xmm)
                continue;
            // Conversions between vector and MMX registers belong to the SSE tests; the others are of processors long gone.
            if (code.CpuidFeatures().Any(f => f is CpuidFeature.D3NOW or CpuidFeature.D3NOWEXT or CpuidFeature.CYRIX_D3NOW or CpuidFeature.CYRIX_EMMI)
                || name.StartsWith("Cvt", StringComparison.Ordinal) || !UsesMmx(opCode) && code != Code.Emms)
                continue;
            foreach (var memory in new[] { false, true })
            {
                if (Encode(code, opCode, memory) is { } bytes)
                    data.Add(memory ? name + " from memory" : name, Convert.ToHexString(bytes));
            }
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Instruction_equals_the_host(string name, string bytes)
    {
        var differences = FloatComparison.Differences(Convert.FromHexString(bytes), States, ignoredStatus: 0,
            static (ref FloatCase input, FloatSamples samples) =>
            {
                // Shift counts in range now and then.
                if (samples.Next(2) == 0)
                    input.St(3)[0] = input.St(2)[0] = (ulong)samples.Next(70);
                if (samples.Next(4) == 0)
                    BitConverter.TryWriteBytes(input.Bytes, (ulong)samples.Next(70));
            });
        Assert.True(differences.Length == 0, $"{name}: {differences}");
    }

    private static bool UsesMmx(OpCodeInfo opCode) =>
        Enumerable.Range(0, opCode.OpCount).Any(i => opCode.GetOpKind(i).ToString().StartsWith("mm_", StringComparison.Ordinal));

    private static byte[]? Encode(Code code, OpCodeInfo opCode, bool memory)
    {
        var instruction = new Instruction { Code = code };
        var hasMemory = false;
        for (var i = 0; i < opCode.OpCount; i++)
        {
            var kind = opCode.GetOpKind(i);
            var name = kind.ToString();
            if (kind == OpCodeOperandKind.seg_rDI)
            {
                instruction.SetOpKind(i, OpKind.MemorySegRDI);
            }
            else if (kind == OpCodeOperandKind.imm8)
            {
                instruction.SetOpKind(i, OpKind.Immediate8);
                instruction.Immediate8 = 0x1B;
            }
            else if (name.Contains("mem", StringComparison.Ordinal) && (memory || !name.Contains("_or_", StringComparison.Ordinal)))
            {
                if (!memory)
                    return null;
                instruction.SetOpKind(i, OpKind.Memory);
                instruction.MemoryBase = Register.RSI;
                hasMemory = true;
            }
            else
            {
                instruction.SetOpKind(i, OpKind.Register);
                instruction.SetOpRegister(i, name.StartsWith("mm", StringComparison.Ordinal) ? Register.MM2 + i
                    : name.StartsWith("xmm", StringComparison.Ordinal) ? Register.XMM3
                    : name.StartsWith("r64", StringComparison.Ordinal) ? Register.RCX : Register.ECX);
            }
        }
        if (memory && !hasMemory)
            return null;
        var stream = new MemoryStream();
        var encoder = Encoder.Create(64, new StreamCodeWriter(stream));
        Assert.True(encoder.TryEncode(instruction, 0, out _, out var error), $"{code}: {error}");
        return stream.ToArray();
    }
}
