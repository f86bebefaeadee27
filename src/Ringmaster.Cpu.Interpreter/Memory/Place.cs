using Ringmaster.Memory;

namespace Ringmaster.Cpu.Interpreter.Memory;

/// <summary>Where an access goes: to one run of guest-physical addresses, or to two where it crosses into another page.</summary>
/// <param name="First">The first byte.</param>
/// <param name="FirstLength">Bytes up to the end of its page, at most all.</param>
/// <param name="Second">The byte after those.</param>
/// <param name="Length">All bytes.</param>
internal readonly record struct Place(GuestPhysicalAddress First, int FirstLength, GuestPhysicalAddress Second, int Length)
{
    /// <summary>Whether all bytes lie in one page.</summary>
    public bool IsInOnePage => FirstLength == Length;

    /// <summary>Bytes in the second page.</summary>
    public int SecondLength => Length - FirstLength;
}
