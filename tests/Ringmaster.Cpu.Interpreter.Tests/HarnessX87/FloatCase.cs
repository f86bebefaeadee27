using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ringmaster.Cpu.Interpreter.Tests.HarnessX87;

/// <summary>
/// What one execution starts from and ends with, in the layout that the native frame uses: an FXSAVE image, general
/// registers, and memory that RSI and RDI point to.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 0x600)]
internal unsafe struct FloatCase
{
    public const int ImageOffset = 0, EnvironmentOffset = 0x200, RegistersOffset = 0x240, MemoryOffset = 0x280, MemorySize = 0x200;

    [FieldOffset(ImageOffset)]
    public fixed byte Image[512];

    [FieldOffset(ImageOffset)]
    public ushort ControlWord;

    [FieldOffset(2)]
    public ushort StatusWord;

    [FieldOffset(4)]
    public byte TagWord;

    [FieldOffset(6)]
    public ushort LastOpcode;

    [FieldOffset(8)]
    public ulong LastInstruction;

    [FieldOffset(16)]
    public ulong LastData;

    [FieldOffset(24)]
    public uint Mxcsr;

    /// <summary>FNSTENV's 28 bytes; an output only.</summary>
    [FieldOffset(EnvironmentOffset)]
    public fixed uint Environment[7];

    [FieldOffset(RegistersOffset)]
    public ulong Rax;

    [FieldOffset(RegistersOffset + 8)]
    public ulong Rcx;

    [FieldOffset(RegistersOffset + 16)]
    public ulong Rdx;

    [FieldOffset(RegistersOffset + 24)]
    public ulong Flags;

    [FieldOffset(MemoryOffset)]
    public fixed byte Memory[MemorySize];

    /// <summary>A stack register's sixteen bytes of the image.</summary>
    public Span<ulong> St(int i) => MemoryMarshal.Cast<byte, ulong>(MemoryMarshal.CreateSpan(ref Image[32 + 16 * i], 16));

    public Span<ulong> Xmm(int i) => MemoryMarshal.Cast<byte, ulong>(MemoryMarshal.CreateSpan(ref Image[160 + 16 * i], 16));

    /// <summary>FIP, FCS, FOP, FDP and FDS of the environment.</summary>
    public ReadOnlySpan<uint> Pointers => MemoryMarshal.CreateReadOnlySpan(ref Environment[3], 4);

    public Span<byte> Bytes => MemoryMarshal.CreateSpan(ref Memory[0], MemorySize);
}
