using System.Runtime.CompilerServices;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>What a task state segment holds of a task's registers (SDM 3A figures 7-2 and 7-10).</summary>
internal struct TaskImage
{
    /// <summary>Page directory base; 32-bit tasks only.</summary>
    public uint Cr3;

    /// <summary>EIP or IP.</summary>
    public uint Eip;

    /// <summary>EFLAGS or FLAGS.</summary>
    public uint Eflags;

    /// <summary>EAX to EDI.</summary>
    public Doublewords Registers;

    /// <summary>ES, CS, SS, DS, and for 32-bit tasks FS and GS.</summary>
    public Selectors Segments;

    /// <summary>Local descriptor table.</summary>
    public ushort Ldt;

    /// <summary>T: a debug trap on every switch to the task.</summary>
    public bool Traps;

    /// <summary>Eight registers.</summary>
    [InlineArray(8)]
    public struct Doublewords
    {
        private uint _value;
    }

    /// <summary>Six selectors.</summary>
    [InlineArray(6)]
    public struct Selectors
    {
        private ushort _value;
    }
}
