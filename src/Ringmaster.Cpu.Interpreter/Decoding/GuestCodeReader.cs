using Iced.Intel;

namespace Ringmaster.Cpu.Interpreter.Decoding;

/// <summary>Feeds Iced's decoder from guest RAM: to the end of one page, then from another.</summary>
internal sealed unsafe class GuestCodeReader : CodeReader
{
    private byte* _at;
    private int _left;
    private byte* _next;
    private int _nextLeft;
    private readonly byte[] _bytes = new byte[16];

    /// <summary>The bytes handed out since <see cref="Start"/>.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Math.Min(Consumed, _bytes.Length));

    /// <summary>Bytes handed out since <see cref="Start"/>.</summary>
    public int Consumed { get; private set; }

    /// <summary>Bytes that can still be handed out.</summary>
    public int Available => _left + _nextLeft;

    /// <summary>Begins at a place.</summary>
    /// <param name="at">First byte.</param>
    /// <param name="left">Bytes from there on.</param>
    /// <param name="next">Where it goes on then.</param>
    /// <param name="nextLeft">Bytes there.</param>
    public void Start(byte* at, int left, byte* next, int nextLeft)
    {
        _at = at;
        _left = left;
        _next = next;
        _nextLeft = nextLeft;
        Consumed = 0;
    }

    /// <inheritdoc/>
    public override int ReadByte()
    {
        if (_left == 0)
        {
            if (_nextLeft == 0)
                return -1;
            _at = _next;
            _left = _nextLeft;
            _nextLeft = 0;
        }
        _left--;
        // SAFETY: Start's caller vouches for the ranges, and the counts keep within them.
        var value = *_at++;
        // An instruction has at most fifteen bytes.
        _bytes[Consumed++ & 15] = value;
        return value;
    }
}
