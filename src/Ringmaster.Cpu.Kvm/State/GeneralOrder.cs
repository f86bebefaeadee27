namespace Ringmaster.Cpu.Kvm.State;

/// <summary>The kernel's order of general registers: RAX, RBX, RCX, RDX, RSI, RDI, RSP, RBP, R8 to R15.</summary>
internal static class GeneralOrder
{
    private static ReadOnlySpan<byte> Encodings => [0, 3, 1, 2, 6, 7, 4, 5];

    /// <summary>The encoding, which is the canonical order, of the kernel's register at a position.</summary>
    public static int EncodingAt(int position) => position < Encodings.Length ? Encodings[position] : position;
}
