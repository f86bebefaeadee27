using System.Runtime.CompilerServices;
using Ringmaster.Cpu.Interpreter.Flags;
using Ringmaster.Cpu.Interpreter.Memory;
using Ringmaster.Cpu.Paging;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>The page walk, as the TLB's slow path uses it.</summary>
internal unsafe partial class Vcpu
{
    private readonly PagingCapabilities _pagingCapabilities;
    private readonly FetchTlb _fetchTlb = new();
    private PagingContext _paging;
    private bool _pagingIsCurrent;

    /// <summary>Linear to guest-physical with the guest's rights. Marks pages accessed and dirty.</summary>
    [SkipLocalsInit]
    internal PageTranslation Walk(ulong linear, AccessKind kind, MmuMode mode)
    {
        // The walk clears what it reads of the record.
        Unsafe.SkipInit(out PageWalkRecord record);
        var translation = PageWalk.Translate(_memory, Paging, new LinearAddress(linear), Access(kind, mode), ref record);
        for (var i = 0; i < record.WriteCount; i++)
        {
            // Tables may hold code, too. Of an entry only the lowest byte changes.
            var entry = record.WrittenAt(i);
            if (_memory.Watch.Watches(entry.Page))
                _memory.Watch.Wrote(_watcher, entry, 1);
        }
        return translation;
    }

    /// <summary>As <see cref="Walk"/>, leaving no trace.</summary>
    private PageTranslation Probe(ulong linear, AccessKind kind, MmuMode mode)
    {
        var record = new PageWalkRecord();
        return PageWalk.Probe(_memory, Paging, new LinearAddress(linear), Access(kind, mode), ref record);
    }

    /// <summary>Where instructions at a linear address would be fetched from, leaving no trace.</summary>
    internal PageTranslation ProbeFetch(ulong linear) => Probe(WrapLinear(linear), AccessKind.Execute, CurrentMmuMode);

    /// <summary>As <see cref="ProbeFetch"/>, for a fetch that is about to be made: what it reads is marked accessed.</summary>
    internal PageTranslation WalkFetch(ulong linear)
    {
        linear = WrapLinear(linear);
        if (_fetchTlb.TryFind(linear, _file->CodeContext, out var translation))
            return translation;
        translation = Walk(linear, AccessKind.Execute, CurrentMmuMode);
        if (!translation.IsFault)
        {
            _codePages.Add(linear, translation.PageShift);
            _fetchTlb.Add(linear, _file->CodeContext, translation);
        }
        return translation;
    }

    /// <summary>Translates for loads if a processor's TLB could hold the translation without a new access: nothing that has not been accessed.</summary>
    internal bool TryProbeAccessed(ulong linear, MmuMode mode, out PageTranslation translation)
    {
        var record = new PageWalkRecord();
        translation = PageWalk.Probe(_memory, Paging, new LinearAddress(linear), Access(AccessKind.Read, mode), ref record);
        return !translation.IsFault && record.IsAccessed;
    }

    /// <inheritdoc/>
    public GuestPhysicalAddress? Translate(LinearAddress address)
    {
        var translation = Probe(WrapLinear(address.Value), AccessKind.Read, MmuMode.SupervisorToUser);
        return translation.IsFault ? null : translation.Address;
    }

    /// <summary>
    /// What decides about translations. It is worked out anew after every flush; whatever changes it flushes. RFLAGS.AC is
    /// taken as set, since the MMU mode says whether SMAP is lifted.
    /// </summary>
    private ref readonly PagingContext Paging
    {
        get
        {
            if (!_pagingIsCurrent)
            {
                _paging = new PagingContext(_pagingCapabilities, Cr0, Cr3, Cr4, Msr.Efer, Rflags.AlignmentCheck, Pkru,
                    Pdpte0, Pdpte1, Pdpte2, Pdpte3);
                _pagingIsCurrent = true;
            }
            return ref _paging;
        }
    }

    private static PageAccess Access(AccessKind kind, MmuMode mode) => new(
        kind switch { AccessKind.Read => PageAccessKind.Read, AccessKind.Write => PageAccessKind.Write, _ => PageAccessKind.Fetch },
        IsUser: mode is MmuMode.User or MmuMode.UserAligned,
        IsImplicit: mode == MmuMode.Supervisor);
}
