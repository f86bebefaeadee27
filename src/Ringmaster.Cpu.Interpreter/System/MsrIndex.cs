namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Numbers of model-specific registers that the engine keeps (SDM 4; APM 2 appendix A).</summary>
internal static class MsrIndex
{
    public const uint TimeStamp = 0x10, TscAdjust = 0x3B, SpecControl = 0x48, PredictionCommand = 0x49, MtrrCapabilities = 0xFE,
        FlushCommand = 0x10B, SysenterCs = 0x174, SysenterEsp = 0x175, SysenterEip = 0x176, MiscEnable = 0x1A0,
        DebugControl = 0x1D9, FirstVariableMtrr = 0x200, LastVariableMtrr = 0x20F, MtrrFixed64K = 0x250, MtrrFixed16K80000 = 0x258,
        MtrrFixed16KA0000 = 0x259, FirstMtrrFixed4K = 0x268, LastMtrrFixed4K = 0x26F, Pat = 0x277, MtrrDefaultType = 0x2FF,
        Xss = 0xDA0, Efer = 0xC000_0080, Star = 0xC000_0081, Lstar = 0xC000_0082, Cstar = 0xC000_0083, Fmask = 0xC000_0084,
        FsBase = 0xC000_0100, GsBase = 0xC000_0101, KernelGsBase = 0xC000_0102, TscAux = 0xC000_0103;
}
