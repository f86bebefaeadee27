using Iced.Intel;

namespace Ringmaster.Cpu.Interpreter.Tests.Chained;

public sealed class ChainedHandlerTests
{
    private static readonly byte[] s_prefixes = [0x65, 0x66, 0xF0, 0x67];
    private static readonly byte[] s_opcodes =
        [0x40, 0x41, 0x44, 0x48, 0x49, 0x4C, 0x4D, 0x69, 0x6B, 0x63, 0x80, 0x81, 0x83, 0xC1, 0xD1, 0xD3, 0xF6, 0xF7, 0xFE, 0xFF, 0x8D, 0x68, 0x6A];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Chained_operations_do_what_single_ones_do(int seed)
    {
        using var machine = new ChainedMachine();
        var random = new Random(seed);
        var image = new byte[ChainedMachine.MemorySize];
        var fast = 0;
        for (var round = 0; round < 15_000; round++)
        {
            var code = Program(random);
            random.NextBytes(image.AsSpan(0x4000, 0x100));
            code.CopyTo(image.AsSpan((int)ChainedMachine.CodeAddress));
            var registers = Enumerable.Range(0, 16).Select(_ => Value(random)).ToArray();
            var flags = (uint)random.Next();

            image.CopyTo(machine.Memory);
            machine.Decode();
            var singly = machine.Run(registers, flags, isChained: false);
            image.CopyTo(machine.Memory);
            var chained = machine.Run(registers, flags, isChained: true);

            Assert.True(singly == chained, $"{Convert.ToHexString(code)} from {string.Join(' ', registers.Select(r => $"{r:x}"))}, flags {flags:x}:\n{singly}\n{chained}");
            fast += machine.CountFast();
        }

        Assert.True(fast > 20_000, $"Only {fast} operations had a handler of their own.");
    }

    // Values near the ends of ranges, small counts, and pointers into RAM.
    private static ulong Value(Random random) => random.Next(6) switch
    {
        0 => (ulong)random.NextInt64(),
        1 => (ulong)random.Next(-2, 70),
        2 => 1UL << random.Next(64),
        3 => (1UL << random.Next(1, 64)) - 1,
        _ => 0x4000UL + (ulong)random.Next(0x3000),
    };

    private static byte[] Program(Random random)
    {
        var code = new List<byte>();
        for (var count = random.Next(1, 7); count > 0; count--)
            code.AddRange(Instruction(random));
        // CLI ends the block.
        code.Add(0xFA);
        code.AddRange(new byte[16]);
        return [.. code];
    }

    private static byte[] Instruction(Random random)
    {
        var bytes = new byte[15];
        while (true)
        {
            random.NextBytes(bytes);
            var place = 0;
            if (random.Next(8) == 0)
                bytes[place++] = s_prefixes[random.Next(s_prefixes.Length)];
            if (random.Next(2) == 0)
                bytes[place++] = (byte)(0x40 + random.Next(16));
            if (random.Next(3) == 0)
                bytes[place] = s_opcodes[random.Next(s_opcodes.Length)];
            else if (random.Next(4) == 0)
                (bytes[place], bytes[place + 1]) = (0x0F, (byte)(random.Next(2) == 0 ? random.Next(0x40, 0x50) : random.Next(0x80, 0xC0)));
            // Half of them with registers only: what is between two of those sets no flags.
            if (random.Next(2) == 0)
                bytes[place + (bytes[place] == 0x0F ? 2 : 1)] |= 0xC0;
            var decoder = Decoder.Create(64, bytes);
            decoder.Decode(out var instruction);
            if (!instruction.IsInvalid && IsSimple(instruction))
                return bytes[..instruction.Length];
        }
    }

    private static bool IsSimple(in Instruction instruction) =>
        instruction.Code.CpuidFeatures().All(f => f is CpuidFeature.INTEL8086 or CpuidFeature.INTEL186 or CpuidFeature.INTEL386 or CpuidFeature.INTEL486
            or CpuidFeature.X64 or CpuidFeature.CMOV or CpuidFeature.MULTIBYTENOP)
        && !instruction.IsPrivileged && !instruction.IsStringInstruction && !instruction.IsSaveRestoreInstruction
        && instruction.FlowControl is FlowControl.Next or FlowControl.ConditionalBranch or FlowControl.Call or FlowControl.IndirectCall
            or FlowControl.UnconditionalBranch or FlowControl.IndirectBranch or FlowControl.Return;
}
