using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ringmaster.Host.Terminals;

/// <summary>struct termios as glibc and musl lay it out on x86-64 (termios(3)).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TerminalAttributes
{
    private const uint IgnoreBreak = 0x1, BreakInterrupts = 0x2, MarkParity = 0x8, StripBit8 = 0x20, NewlineToReturn = 0x40;
    private const uint IgnoreReturn = 0x80, ReturnToNewline = 0x100, OutputFlowControl = 0x400;
    private const uint Signals = 0x1, Canonical = 0x2, Echo = 0x8, EchoNewline = 0x40, Extended = 0x8000;
    private const uint PostProcess = 0x1, SizeMask = 0x30, Size8 = 0x30, Parity = 0x100;
    private const int TimeIndex = 5, MinimumIndex = 6;

    internal uint InputFlags;
    internal uint OutputFlags;
    internal uint ControlFlags;
    internal uint LocalFlags;
    internal byte LineDiscipline;
    internal ControlCharacters Characters;
    internal uint InputSpeed;
    internal uint OutputSpeed;

    /// <summary>
    /// The same terminal handing over every key at once, without echo and without turning any into a signal.
    /// </summary>
    /// <param name="postProcess">Whether a newline still moves to the first column, which messages from this side rely on.</param>
    internal readonly TerminalAttributes Raw(bool postProcess)
    {
        var raw = this;
        raw.InputFlags &= ~(IgnoreBreak | BreakInterrupts | MarkParity | StripBit8 | NewlineToReturn | IgnoreReturn
            | ReturnToNewline | OutputFlowControl);
        raw.LocalFlags &= ~(Signals | Canonical | Echo | EchoNewline | Extended);
        raw.ControlFlags = raw.ControlFlags & ~(SizeMask | Parity) | Size8;
        raw.OutputFlags = postProcess ? raw.OutputFlags | PostProcess : raw.OutputFlags & ~PostProcess;
        raw.Characters[MinimumIndex] = 1;
        raw.Characters[TimeIndex] = 0;
        return raw;
    }

    /// <summary>c_cc.</summary>
    [InlineArray(32)]
    internal struct ControlCharacters
    {
        private byte _first;
    }
}
