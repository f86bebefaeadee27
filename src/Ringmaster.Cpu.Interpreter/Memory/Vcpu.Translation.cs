using Ringmaster.Cpu.Interpreter.Memory;
using Ringmaster.Cpu.Paging;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Linear to guest-physical translation, and filling the TLB.</summary>
internal unsafe partial class Vcpu
{
    /// <summary>Translates one address of a load or a store; on success the TLB can usually serve the page from then on.</summary>
    /// <returns>False with #PF pending and CR2 set.</returns>
    internal bool Translate(ulong linear, AccessKind kind, MmuMode mode, out GuestPhysicalAddress address)
    {
        var translation = Walk(linear, kind, mode);
        address = translation.Address;
        if (translation.IsFault)
        {
            RaisePageFault(linear, translation.Error);
            return false;
        }
        FillTlb(linear, translation, mode, kind);
        return true;
    }

    /// <summary>#PF of the instruction, or the block, whose RIP is in R[17].</summary>
    internal Status RaisePageFault(ulong linear, PageFaultError error)
    {
        Cr2 = linear;
        _observer?.PageFaulted(Index, new LinearAddress(linear), (uint)error, R[17]);
        return Raise(Vector.PageFault, (uint)error);
    }

    /// <summary>Whether stores to a page need no walk after an access to it.</summary>
    internal virtual bool MayStore(in PageTranslation translation, MmuMode mode, AccessKind kind) =>
        // A store has just been allowed. After a load, stores may go on only if they would set no dirty bit and nothing but
        // the page's own rights decides.
        kind == AccessKind.Write || (translation.IsDirty && translation.ProtectionKey == 0
            && (translation.IsWritable || (mode != MmuMode.User && (Cr0 & Cr0Bits.WriteProtect) == 0)));

    private void FillTlb(ulong linear, in PageTranslation translation, MmuMode mode, AccessKind kind)
    {
        var page = linear & ~0xFFFUL;
        if (mode == MmuMode.UserAligned || !_memory.IsLoadable(translation.Address, 1) || IsWatched(page))
            return;
        var writable = MayStore(translation, mode, kind);
        _tlbs.Note(mode, linear, translation.PageShift);
        var entry = _tlbs[mode] + Tlb.IndexOf(linear);
        entry->ReadTag = page;
        entry->WriteTag = writable && _memory.IsStorable(translation.Address, 1) && !_memory.Watch.Watches(translation.Address.Page) ? page : TlbEntry.Invalid;
        entry->Addend = (ulong)_memory.HostBase + (translation.Address.Value & ~0xFFFUL) - page;
        entry->PageShift = translation.PageShift;
    }
}
