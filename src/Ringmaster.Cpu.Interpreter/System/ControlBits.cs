namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Bits of CR0 (SDM 3A 2.5).</summary>
internal static class Cr0Bits
{
    public const ulong ProtectionEnable = 1, MonitorCoprocessor = 1 << 1, Emulation = 1 << 2, TaskSwitched = 1 << 3,
        ExtensionType = 1 << 4, NumericError = 1 << 5, WriteProtect = 1 << 16, AlignmentMask = 1 << 18, NotWriteThrough = 1 << 29,
        CacheDisable = 1 << 30, Paging = 1UL << 31;
}

/// <summary>Bits of CR4 (SDM 3A 2.5).</summary>
internal static class Cr4Bits
{
    public const ulong Vme = 1, Pvi = 1 << 1, TimeStampDisable = 1 << 2, DebuggingExtensions = 1 << 3, PageSizeExtensions = 1 << 4,
        PhysicalAddressExtension = 1 << 5, MachineCheck = 1 << 6, PageGlobal = 1 << 7, PerformanceCounter = 1 << 8, OsFxsr = 1 << 9,
        OsXmmExceptions = 1 << 10, Umip = 1 << 11, La57 = 1 << 12, Fsgsbase = 1 << 16, Pcid = 1 << 17, OsXsave = 1 << 18,
        Smep = 1 << 20, Smap = 1 << 21, ProtectionKeys = 1 << 22;
}

/// <summary>Bits of IA32_EFER (SDM 3A 2.2.1; APM 2 3.1.7).</summary>
internal static class EferBits
{
    public const ulong Syscall = 1, LongModeEnable = 1 << 8, LongModeActive = 1 << 10, NoExecute = 1 << 11, Svme = 1 << 12,
        FastFxsr = 1 << 14;
}
