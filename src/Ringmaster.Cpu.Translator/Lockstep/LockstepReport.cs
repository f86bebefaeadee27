using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.State;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Translator.Lockstep;

/// <summary>Compares two vCPUs and puts what differs into words.</summary>
internal static unsafe class LockstepReport
{
    private const int ShownInstructions = 40;
    private const uint AllStatus = 0x8D5;

    /// <summary>Compares.</summary>
    /// <returns>Null if all is the same.</returns>
    public static string? Find(Vcpu main, ReferenceVcpu reference, GuestMemory memory, GuestMemory mirror)
    {
        var differences = new StringBuilder();
        var undefined = Rflags(reference.UndefinedFlags);
        if (((main.Flags ^ reference.Flags) & AllStatus & undefined) != 0)
            reference.SetStatus((reference.GetStatus() & ~undefined) | (main.GetStatus() & undefined));
        if (reference.ReadUndefinedFlags != RflagsBits.None)
            TakeUndefinedFlags(main, reference, memory, mirror);
        if (!main.HasSameRegisters(reference))
            CompareStates(differences, StateOf(main), StateOf(reference));
        foreach (var (address, length) in reference.Stores)
        {
            var (mine, theirs) = (new byte[length], new byte[length]);
            if (memory.TryRead(address, mine) && mirror.TryRead(address, theirs) && !mine.AsSpan().SequenceEqual(theirs))
                Line(differences, $"memory at {address}", Convert.ToHexString(mine), Convert.ToHexString(theirs));
        }
        return differences.Length == 0 ? null : $"The translator and the interpreter differ.\n{differences}{Describe(main, reference)}";
    }

    /// <summary>Flags that were undefined when they were stored, by an event for one, are what the translator has made of them.</summary>
    private static void TakeUndefinedFlags(Vcpu main, ReferenceVcpu reference, GuestMemory memory, GuestMemory mirror)
    {
        ulong undefined = Rflags(reference.ReadUndefinedFlags);
        for (var i = 0; i < 16; i++)
        {
            if (((main.R[i] ^ reference.R[i]) & ~undefined) == 0)
                reference.R[i] = main.R[i];
        }
        Span<byte> mine = stackalloc byte[8], theirs = stackalloc byte[8];
        foreach (var (address, length) in reference.Stores)
        {
            mine.Clear();
            theirs.Clear();
            if (length > 8 || !memory.TryRead(address, mine[..length]) || !mirror.TryRead(address, theirs[..length]))
                continue;
            var difference = BinaryPrimitives.ReadUInt64LittleEndian(mine) ^ BinaryPrimitives.ReadUInt64LittleEndian(theirs);
            if (difference != 0 && (difference & ~undefined) == 0)
                mirror.TryWrite(address, mine[..length]);
        }
    }

    /// <summary>Where both are, and what the interpreter has executed since the last comparison.</summary>
    public static string Describe(Vcpu main, ReferenceVcpu reference)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"After {main.Executed} instructions and {main.Deliveries} events. The last instructions:");
        var formatter = new NasmFormatter();
        formatter.Options.HexPrefix = "0x";
        formatter.Options.HexSuffix = "";
        var output = new StringOutput();
        foreach (var rip in reference.Path.TakeLast(ShownInstructions))
        {
            var bytes = new byte[15];
            for (var i = 0; i < bytes.Length; i++)
            {
                if (reference.Translate(new LinearAddress(reference.LinearOf(rip) + (ulong)i)) is { } address)
                    reference._memory.TryRead(address, bytes.AsSpan(i, 1));
            }
            var decoder = Iced.Intel.Decoder.Create(reference.CodeSize switch { 0 => 16, 1 => 32, _ => 64 }, bytes, rip);
            decoder.Decode(out var instruction);
            formatter.Format(instruction, output);
            text.AppendLine(CultureInfo.InvariantCulture, $"  {rip:x}  {Convert.ToHexString(bytes.AsSpan(0, Math.Max(instruction.Length, 1)))}  {output.ToStringAndReset()}");
        }
        return text.ToString();
    }

    private static CpuState StateOf(Vcpu vcpu)
    {
        var state = new CpuState();
        vcpu.Export(state);
        return state;
    }

    private static void CompareStates(StringBuilder text, CpuState mine, CpuState theirs)
    {
        for (var i = 0; i < 16; i++)
            Compare(text, $"R{i}", mine.Registers[i], theirs.Registers[i]);
        Compare(text, "RIP", mine.Rip, theirs.Rip);
        Compare(text, "RFLAGS", mine.Rflags, theirs.Rflags);
        Compare(text, "CR0", mine.Cr0, theirs.Cr0);
        Compare(text, "CR2", mine.Cr2, theirs.Cr2);
        Compare(text, "CR3", mine.Cr3, theirs.Cr3);
        Compare(text, "CR4", mine.Cr4, theirs.Cr4);
        Compare(text, "CR8", mine.Cr8, theirs.Cr8);
        Compare(text, "DR6", mine.Dr6, theirs.Dr6);
        Compare(text, "MXCSR", mine.Fpu.Mxcsr, theirs.Fpu.Mxcsr);
        Compare(text, "XCR0", mine.Xcr0, theirs.Xcr0);
        Compare(text, "GS base when swapped", mine.Msr.KernelGsBase, theirs.Msr.KernelGsBase);
        foreach (var (name, one, other) in (ReadOnlySpan<(string, Segment, Segment)>)
            [
                ("ES", mine.Es, theirs.Es), ("CS", mine.Cs, theirs.Cs), ("SS", mine.Ss, theirs.Ss), ("DS", mine.Ds, theirs.Ds),
                ("FS", mine.Fs, theirs.Fs), ("GS", mine.Gs, theirs.Gs), ("LDTR", mine.Ldtr, theirs.Ldtr), ("TR", mine.Tr, theirs.Tr),
            ])
        {
            if (one != other)
                Line(text, name, one.ToString(), other.ToString());
        }
        for (var i = 0; i < 16; i++)
        {
            for (var word = 0; word < 4; word++)
                Compare(text, $"vector {i} word {word}", mine.Fpu.Vectors[i][word], theirs.Fpu.Vectors[i][word]);
        }
        for (var i = 0; i < 8; i++)
            Compare(text, $"x87 register {i}", mine.Fpu.Registers[i].Significand, theirs.Fpu.Registers[i].Significand);
    }

    private static void Compare(StringBuilder text, string name, ulong mine, ulong theirs)
    {
        if (mine != theirs)
            Line(text, name, $"{mine:x}", $"{theirs:x}");
    }

    private static void Line(StringBuilder text, string name, string mine, string theirs) =>
        text.AppendLine(CultureInfo.InvariantCulture, $"  {name}: translator {mine}, interpreter {theirs}");

    private static uint Rflags(RflagsBits bits) =>
        ((bits & RflagsBits.CF) != 0 ? 1u : 0) | ((bits & RflagsBits.PF) != 0 ? 4u : 0) | ((bits & RflagsBits.AF) != 0 ? 16u : 0)
        | ((bits & RflagsBits.ZF) != 0 ? 64u : 0) | ((bits & RflagsBits.SF) != 0 ? 128u : 0) | ((bits & RflagsBits.OF) != 0 ? 2048u : 0);
}
