namespace Ringmaster.Fuzz.Tests.Engine;

/// <summary>How the processor stands at the start of a case.</summary>
internal enum GuestMode
{
    Real,
    Protected16,
    Protected32,
    Virtual8086,
    Compatibility,
    Long,
}
