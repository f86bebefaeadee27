using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ringmaster.Host.Kvm;

/// <summary>struct kvm_lapic_state: the register page of a local APIC, of which each register takes the first of four words.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct KvmApicPage
{
    private Words _words;

    /// <summary>A register.</summary>
    /// <param name="index">Its offset in the page, divided by 16: 0 to 63.</param>
    public uint this[int index]
    {
        readonly get => _words[index * 4];
        set => _words[index * 4] = value;
    }

    [InlineArray(256)]
    private struct Words
    {
        private uint _word;
    }
}
