namespace Ringmaster.Conformance.Tests.Harness;

/// <summary>The guest's global descriptor table. User selectors stand where SYSRET expects them.</summary>
internal static class Selectors
{
    public const ushort Code64 = 0x08, Data = 0x10, Code32 = 0x18, UserCode32 = 0x20, UserData = 0x28, UserCode64 = 0x30,
        Code16 = 0x38, Data16 = 0x40, Tss = 0x48, Ldt = 0x58, Conforming32 = 0x68, AbsentData = 0x70, ReadOnlyData = 0x78,
        ExecuteOnly = 0x80, AbsentCode = 0x88, CallGate = 0x90, TaskGate = 0xA0, OtherTss = 0xA8, Data1 = 0xB0,
        Conforming64 = 0xB8, SmallData = 0xC0, LongAndBig = 0xC8, Code1 = 0xD0, Tss16 = 0xD8, ExpandDown = 0xE0,
        SmallCode = 0xE8, UserCallGate = 0xF0, CallGateTo1 = 0x100, CallGate16 = 0x110, UserTaskGate = 0x118,
        ConformingUser = 0x120, UserTss = 0x128, BeyondTable = 0x200;

    /// <summary>A data segment in the local descriptor table.</summary>
    public const ushort LocalData = 0x0C;
}
