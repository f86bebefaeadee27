using System.Runtime.InteropServices;

namespace Ringmaster.Host.Kvm;

/// <content>Dirty logs of memory slots.</content>
public sealed unsafe partial class KvmVm
{
    /// <summary>Reads which pages of a slot have been written to since they were last cleared.</summary>
    /// <param name="slot">The slot, which has a log.</param>
    /// <param name="bits">Receives a bit for each page: bit i % 64 of word i / 64 is that of page i.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void GetDirtyLog(int slot, Span<ulong> bits)
    {
        // SAFETY: the span is pinned, and has a bit for each page of the slot, rounded up to words, as the caller promises.
        fixed (ulong* pointer = bits)
        {
            var request = new DirtyLogRequest { Slot = (uint)slot, Bits = pointer };
            Ask(KvmRequest.GetDirtyLog, ref request, $"KVM_GET_DIRTY_LOG of slot {slot}");
        }
    }

    /// <summary>Has the pages of a slot whose bits are set watched anew. Needs <see cref="KvmCapability.ManualDirtyLog"/> to be on.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="bits">As <see cref="GetDirtyLog"/> has given them.</param>
    /// <param name="pages">How many pages the slot has.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void ClearDirtyLog(int slot, ReadOnlySpan<ulong> bits, ulong pages)
    {
        // SAFETY: as in GetDirtyLog.
        fixed (ulong* pointer = bits)
        {
            var request = new DirtyClearRequest { Slot = (uint)slot, Pages = checked((uint)pages), Bits = pointer };
            Ask(KvmRequest.ClearDirtyLog, ref request, $"KVM_CLEAR_DIRTY_LOG of slot {slot}");
        }
    }

    /// <summary>struct kvm_dirty_log.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct DirtyLogRequest
    {
        public uint Slot;
        private readonly uint _padding;
        public ulong* Bits;
    }

    /// <summary>struct kvm_clear_dirty_log.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct DirtyClearRequest
    {
        public uint Slot;
        public uint Pages;
        public ulong FirstPage;
        public ulong* Bits;
    }
}
