using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Instructions;
using Ringmaster.Cpu.Interpreter.Tests.HarnessSimd;

namespace Ringmaster.Cpu.Interpreter.Tests.Simd;

/// <summary>Every instruction of the vector and bit families does what the host's own does, on many operands.</summary>
public sealed unsafe class HostComparisonTests
{
    private const int DataSize = 256, Operands = 160, Shapes = 6;

    [Theory]
    [MemberData(nameof(Mnemonics))]
    public void Instruction_leaves_the_same_state_as_on_the_host(string mnemonic)
    {
        using var guest = new GuestMachine();
        foreach (var code in TestedCodes.All.Where(c => c.Mnemonic().ToString() == mnemonic))
        {
            foreach (var memory in new[] { false, true })
            {
                if (!InstructionShape.Has(code, memory))
                    continue;
                for (var shape = 0; shape < (TestedCodes.HasImmediate(code) ? 5 * Shapes : Shapes); shape++)
                    Compare(guest, code, memory, shape);
            }
        }
    }

    public static TheoryData<string> Mnemonics()
    {
        var data = new TheoryData<string>();
        foreach (var mnemonic in TestedCodes.All.Select(c => c.Mnemonic().ToString()).Distinct())
            data.Add(mnemonic);
        return data;
    }

    private static void Compare(GuestMachine guest, Code code, bool memory, int shape)
    {
        var random = new Random(((int)code * 1000) + shape);
        var source = new OperandSource(((int)code * 77) + shape);
        var displacement = memory ? 64 : 0;
        var instruction = InstructionShape.Build(code, memory, random, displacement);
        var bytes = InstructionShape.Encode(instruction);
        var usesMmx = TestedCodes.UsesMmx(code);
        using var native = new NativeInstruction(bytes, usesMmx);
        guest.Decode(bytes);
        var undefined = TestedCodes.UndefinedFlags(code);
        byte* nativeData = stackalloc byte[DataSize + 64];
        nativeData = (byte*)(((ulong)nativeData + 63) & ~63UL);
        var guestData = guest.Host(GuestMachine.Data);
        for (var i = 0; i < Operands; i++)
        {
            VectorState before = default;
            source.Fill(ref before);
            TestedCodes.Restrict(code, ref before);
            source.Fill(new Span<byte>(nativeData, DataSize));
            Buffer.MemoryCopy(nativeData, guestData, DataSize, DataSize);
            var (expected, actual) = (before, before);
            expected.General[6] = expected.General[7] = (ulong)nativeData;
            actual.General[6] = actual.General[7] = GuestMachine.Data;
            guest.Load(actual);
            if (usesMmx)
                MmxState.Load(guest.Cpu, actual);
            native.Execute(&expected);
            var status = guest.Execute();
            guest.Store(ref actual);
            if (usesMmx)
                MmxState.Store(guest.Cpu, ref actual);
            DotProducts.TakeHostNans(instruction, expected, ref actual);
            expected.General[6] = actual.General[6];
            expected.General[7] = actual.General[7];
            Assert.True(status == Status.Next, $"{instruction}: {status} {(guest.Cpu.HasPending ? guest.Cpu.Pending.ToString() : "")}");
            var difference = Differences.Of(expected, actual, undefined, usesMmx, nativeData, guestData, DataSize);
            Assert.True(difference.Length == 0, $"{instruction} [{Convert.ToHexString(bytes)}]\n{Differences.Describe(before, instruction, memory ? nativeData + displacement : null)}{difference}");
        }
    }
}
