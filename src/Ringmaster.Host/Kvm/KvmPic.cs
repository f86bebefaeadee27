using System.Runtime.InteropServices;

namespace Ringmaster.Host.Kvm;

/// <summary>struct kvm_pic_state: one 8259A.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
public struct KvmPic
{
    /// <summary>Levels of the inputs.</summary>
    public byte Lines;

    /// <summary>Interrupt request register.</summary>
    public byte Request;

    /// <summary>Interrupt mask register.</summary>
    public byte Mask;

    /// <summary>In-service register.</summary>
    public byte InService;

    /// <summary>The input with the highest priority.</summary>
    public byte HighestPriority;

    /// <summary>Vector of input 0.</summary>
    public byte VectorBase;

    /// <summary>Whether the even port reads the in-service register.</summary>
    public byte ReadInService;

    /// <summary>Whether the next read acknowledges.</summary>
    public byte Poll;

    /// <summary>Special mask mode.</summary>
    public byte SpecialMask;

    /// <summary>The initialization word that came last: 1 to 3 while another is to come, 0 otherwise.</summary>
    public byte LastWord;

    /// <summary>Automatic end of interrupt.</summary>
    public byte AutomaticEoi;

    /// <summary>Whether automatic ends rotate the priorities.</summary>
    public byte RotateOnAutomaticEoi;

    /// <summary>Special fully nested mode.</summary>
    public byte SpecialFullyNested;

    /// <summary>Whether there is a fourth initialization word.</summary>
    public byte FourthWord;

    /// <summary>Edge/level control register.</summary>
    public byte LevelTriggered;

    /// <summary>Inputs that it may make level triggered.</summary>
    public byte LevelCapable;
}
