using Iced.Intel;

namespace Ringmaster.Cpu.Interpreter.Tests.HarnessSimd;

/// <summary>Builds instructions of a given code, with operands chosen by a seed.</summary>
internal static class InstructionShape
{
    private static readonly Register[] s_general = [Register.RAX, Register.RCX, Register.RDX, Register.RBX, Register.R8, Register.R9, Register.R12];

    /// <summary>Whether a code can be built with register operands only, or with a memory operand.</summary>
    public static bool Has(Code code, bool memory)
    {
        var info = code.ToOpCode();
        for (var i = 0; i < info.OpCount; i++)
        {
            var kind = info.GetOpKind(i).ToString();
            if (kind is "mem" or "sibmem" || kind.StartsWith("mem_", StringComparison.Ordinal))
                return memory;
            if (kind.Contains("_or_mem", StringComparison.Ordinal))
                return true;
        }
        return !memory;
    }

    /// <summary>Builds one. The memory operand, if any, is [RSI + displacement].</summary>
    public static Instruction Build(Code code, bool memory, Random random, int displacement)
    {
        var info = code.ToOpCode();
        var instruction = new Instruction { Code = code };
        // Gathers want three different registers; others profit from frequent equal ones.
        var isGather = code.Mnemonic().ToString().Contains("gather", StringComparison.OrdinalIgnoreCase);
        var next = random.Next(4);
        for (var i = 0; i < info.OpCount; i++)
        {
            var kind = info.GetOpKind(i);
            var name = kind.ToString();
            var number = isGather ? next++ : random.Next(3) == 0 ? random.Next(16) : random.Next(3);
            if (name is "imm8")
            {
                instruction.SetOpKind(i, i > 0 && info.GetOpKind(i - 1).ToString() == "imm8" ? OpKind.Immediate8_2nd : OpKind.Immediate8);
                if (instruction.GetOpKind(i) == OpKind.Immediate8)
                    instruction.Immediate8 = (byte)random.Next(256);
                else
                    instruction.Immediate8_2nd = (byte)random.Next(256);
                continue;
            }
            if (name.StartsWith("mem_vsib", StringComparison.Ordinal))
            {
                instruction.SetOpKind(i, OpKind.Memory);
                instruction.MemoryBase = Register.RSI;
                instruction.MemoryIndex = (name.EndsWith('x') ? Register.XMM0 : Register.YMM0) + 9;
                instruction.MemoryIndexScale = 1 << random.Next(4);
                continue;
            }
            if (name == "seg_rDI")
            {
                instruction.SetOpKind(i, OpKind.MemorySegRDI);
                continue;
            }
            if (name is "mem" || (name.Contains("_or_mem", StringComparison.Ordinal) && memory))
            {
                instruction.SetOpKind(i, OpKind.Memory);
                instruction.MemoryBase = Register.RSI;
                instruction.MemoryDisplacement64 = (ulong)displacement;
                instruction.MemoryDisplSize = displacement == 0 ? 0 : 1;
                continue;
            }
            var register = name.Split('_')[0] switch
            {
                "xmm" => Register.XMM0 + number,
                "ymm" => Register.YMM0 + number,
                "mm" => Register.MM0 + number % 8,
                "r8" => Low(random, 0),
                "r16" => Low(random, 1),
                "r32" => Low(random, 2),
                "r64" => Low(random, 3),
                _ => throw new InvalidOperationException($"{code}: operand kind {name}"),
            };
            instruction.SetOpKind(i, OpKind.Register);
            instruction.SetOpRegister(i, register);
        }
        return instruction;
    }

    /// <summary>The machine code.</summary>
    public static byte[] Encode(in Instruction instruction)
    {
        using var stream = new MemoryStream();
        var encoder = Encoder.Create(64, new StreamCodeWriter(stream));
        encoder.Encode(instruction, 0);
        return stream.ToArray();
    }

    private static Register Low(Random random, int size)
    {
        var number = s_general[random.Next(s_general.Length)].GetNumber();
        return size switch
        {
            0 => number < 4 ? Register.AL + number : Register.R8L + (number - 8),
            1 => Register.AX + number,
            2 => Register.EAX + number,
            _ => Register.RAX + number,
        };
    }
}
