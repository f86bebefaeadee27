using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Instructions.X87;

/// <summary>A memory format of the x87 environment (SDM 1 8.1.10).</summary>
internal interface IX87Environment<T> where T : unmanaged
{
    /// <summary>The image of a state.</summary>
    /// <param name="fpu">The state.</param>
    /// <param name="realFormat">Real-address and virtual-8086 mode: linear addresses instead of selectors and offsets.</param>
    static abstract T From(in FpuState fpu, bool realFormat);

    /// <summary>Loads all but the registers.</summary>
    void Into(ref FpuState fpu, bool realFormat);
}
