using Ringmaster.Cpu.Interpreter.Flags;
using Ringmaster.Cpu.Interpreter.Memory;
using Ringmaster.Cpu.State;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Linear to guest-physical translation, and filling the TLB.</summary>
internal sealed unsafe partial class Vcpu
{
    /// <summary>Translates one address; on success the TLB can usually serve the page from then on.</summary>
    /// <returns>False with #PF pending and CR2 set.</returns>
    internal bool Translate(ulong linear, AccessKind kind, MmuMode mode, out GuestPhysicalAddress address)
    {
        if ((Cr0 & Cr0Bits.Paging) == 0)
        {
            address = new GuestPhysicalAddress(linear);
            FillTlb(linear, address, mode, kind, writable: true, 12);
            return true;
        }
        if (!WalkPages(linear, kind, mode, out address, out var writable, out var pageShift, out var errorCode))
        {
            Cr2 = linear;
            Raise(Vector.PageFault, errorCode);
            return false;
        }
        FillTlb(linear, address, mode, kind, writable, pageShift);
        return true;
    }

    private void FillTlb(ulong linear, GuestPhysicalAddress address, MmuMode mode, AccessKind kind, bool writable, int pageShift)
    {
        if (kind == AccessKind.Execute || !_memory.IsRam(address))
            return;
        var page = linear & ~0xFFFUL;
        if (IsWatched(page))
            return;
        var entry = _tlbs[mode] + ((linear >> 12) & (Tlb.Entries - 1));
        entry->ReadTag = page;
        entry->WriteTag = writable && !_memory.Watch.HasCode(address.Page) ? page : TlbEntry.Invalid;
        entry->Addend = (ulong)_memory.HostBase + (address.Value & ~0xFFFUL) - page;
        entry->PageShift = pageShift;
    }
}
