using System.Runtime.InteropServices;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Translator.Execution;

/// <summary>
/// What IRET from 64-bit kernel code to 64-bit code of a level does as long as the frame's selectors, their descriptors and the
/// data segments are what they were, for generated code.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct InterruptReturnCells
{
    /// <summary>Nonzero if all the others are good.</summary>
    public ulong IsLearned;

    /// <summary>The selectors of CS and SS in the frame.</summary>
    public ulong CodeSelector, StackSelector;

    /// <summary>Host addresses of their descriptors, and what is there.</summary>
    public ulong CodePlace, CodeDescriptor, StackPlace, StackDescriptor;

    /// <summary>Limits and rights of ES, DS, FS and GS, none of which is dropped on the way out to another level (SDM 2A IRET).</summary>
    public ulong Es, Ds, Fs, Gs;

    /// <summary>The jump cache of the context afterwards, as a place in the area.</summary>
    public ulong Jumps;

    /// <summary>CS and SS afterwards.</summary>
    public Segment Code, Stack;
}
