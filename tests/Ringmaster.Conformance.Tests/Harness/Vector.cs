namespace Ringmaster.Conformance.Tests.Harness;

/// <summary>Exception vectors (SDM 3A table 6-1).</summary>
public enum Vector
{
    DivideError = 0, Debug = 1, NonMaskableInterrupt = 2, Breakpoint = 3, Overflow = 4, BoundRange = 5, InvalidOpcode = 6,
    DeviceNotAvailable = 7, DoubleFault = 8, InvalidTss = 10, SegmentNotPresent = 11, StackFault = 12, GeneralProtection = 13,
    PageFault = 14, FloatingPoint = 16, AlignmentCheck = 17, SimdFloatingPoint = 19,
}
