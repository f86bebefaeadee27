using System.Runtime.CompilerServices;
using Iced.Intel;

namespace Ringmaster.Cpu.Interpreter.Decoding;

/// <summary>Feeds Iced's decoder from guest RAM: to the end of one page, then from another.</summary>
/// <remarks>
/// Another vCPU may be writing there. Aligned quadwords are loaded in one piece, once: an instruction that is replaced by an
/// aligned store is read old or new (APM 2 7.6.1).
/// </remarks>
internal sealed unsafe class GuestCodeReader : CodeReader
{
    private const int Quadword = sizeof(ulong);
    private readonly byte[] _bytes = new byte[BlockDecoder.MaxInstructionLength + Quadword + 1];

    /// <summary>The bytes handed out since <see cref="Start"/>.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Consumed);

    /// <summary>Bytes handed out since <see cref="Start"/>.</summary>
    public int Consumed { get; private set; }

    /// <summary>Bytes that can still be handed out.</summary>
    public int Available { get; private set; }

    /// <summary>Begins at a place. No instruction has more than fifteen bytes, and no more are loaded.</summary>
    /// <param name="at">First byte.</param>
    /// <param name="left">Bytes from there on, to the end of a page at most.</param>
    /// <param name="next">Where it goes on then.</param>
    /// <param name="nextLeft">Bytes there, to the end of a page at most.</param>
    public void Start(byte* at, int left, byte* next, int nextLeft)
    {
        left = Math.Min(left, BlockDecoder.MaxInstructionLength);
        nextLeft = Math.Min(nextLeft, BlockDecoder.MaxInstructionLength - left);
        Load(at, left, 0);
        Load(next, nextLeft, left);
        Consumed = 0;
        Available = left + nextLeft;
    }

    /// <inheritdoc/>
    public override int ReadByte()
    {
        if (Available == 0)
            return -1;
        Available--;
        return _bytes[Consumed++];
    }

    private void Load(byte* source, int length, int place)
    {
        for (var done = 0; done < length;)
        {
            // SAFETY: Start's caller vouches for the bytes, and an aligned quadword lies in one page. What is stored beyond the
            // length fits, for the buffer has room for a quadword behind the last place.
            var skipped = (int)((nuint)(source + done) % Quadword);
            var loaded = Volatile.Read(ref *(ulong*)(source + done - skipped)) >> (skipped * 8);
            Unsafe.WriteUnaligned(ref _bytes[place + done], loaded);
            done += Quadword - skipped;
        }
    }
}
