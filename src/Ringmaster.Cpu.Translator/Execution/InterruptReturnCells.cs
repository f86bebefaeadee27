using System.Runtime.InteropServices;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Translator.Execution;

/// <summary>
/// What IRET to 64-bit user code does as long as the frame's selectors, their descriptors and the data segments are what they
/// were, for generated code.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct InterruptReturnCells
{
    /// <summary>The selectors of CS and SS in the frame.</summary>
    public ulong CodeSelector, StackSelector;

    /// <summary>Host addresses of their descriptors, and what is there.</summary>
    public ulong CodePlace, CodeDescriptor, StackPlace, StackDescriptor;

    /// <summary>Limits and rights of ES, DS, FS and GS, none of which is dropped on the way out (SDM 2A IRET).</summary>
    public ulong Es, Ds, Fs, Gs;

    /// <summary>The user context's jump cache, as a place in the area.</summary>
    public ulong Jumps;

    /// <summary>CS and SS afterwards.</summary>
    public Segment Code, Stack;
}
