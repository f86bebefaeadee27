using Ringmaster.Cpu.Interpreter.Memory;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Writing control registers: what is legal, and what follows (SDM 3A 2.5, 4.1, 4.4.1, 4.10.4, 9.8.5).</summary>
internal unsafe partial class Vcpu
{
    private const ulong Cr0Writable = Cr0Bits.ProtectionEnable | Cr0Bits.MonitorCoprocessor | Cr0Bits.Emulation | Cr0Bits.TaskSwitched
        | Cr0Bits.NumericError | Cr0Bits.WriteProtect | Cr0Bits.AlignmentMask | Cr0Bits.NotWriteThrough | Cr0Bits.CacheDisable
        | Cr0Bits.Paging;

    private const ulong PcidMask = 0xFFF, NoFlush = 1UL << 63;

    /// <summary>PAE paging, whose four top entries are loaded with CR3.</summary>
    private bool UsesPdptes => IsPae(Cr0, Cr4);

    /// <summary>Writes CR0 as MOV does.</summary>
    /// <returns>False with #GP(0) or a question pending, and nothing changed.</returns>
    internal bool WriteCr0(ulong value)
    {
        if (value >> 32 != 0)
            return Fail(Vector.GeneralProtection, 0);
        value = (value & Cr0Writable) | Cr0Bits.ExtensionType;
        var paging = (value & Cr0Bits.Paging) != 0;
        var wasPaging = (Cr0 & Cr0Bits.Paging) != 0;
        if (paging && (value & Cr0Bits.ProtectionEnable) == 0)
            return Fail(Vector.GeneralProtection, 0);
        if ((value & (Cr0Bits.NotWriteThrough | Cr0Bits.CacheDisable)) == Cr0Bits.NotWriteThrough)
            return Fail(Vector.GeneralProtection, 0);
        var efer = Msr.Efer;
        if (paging && !wasPaging && (efer & EferBits.LongModeEnable) != 0)
        {
            // Long mode is activated from 16- or 32-bit code, on PAE tables, and with no 16-bit task.
            if ((Cr4 & Cr4Bits.PhysicalAddressExtension) == 0 || Segments[SegmentIndex.Cs].Attributes.IsLong
                || Segments[SegmentIndex.Tr].Attributes.Type is DescriptorType.Tss16 or DescriptorType.BusyTss16)
                return Fail(Vector.GeneralProtection, 0);
            efer |= EferBits.LongModeActive;
        }
        if (!paging && wasPaging)
        {
            if (_is64BitMode || (Cr4 & Cr4Bits.Pcid) != 0)
                return Fail(Vector.GeneralProtection, 0);
            efer &= ~EferBits.LongModeActive;
        }
        const ulong reloading = Cr0Bits.Paging | Cr0Bits.CacheDisable | Cr0Bits.NotWriteThrough;
        if ((efer & EferBits.LongModeActive) == 0 && IsPae(value, Cr4) && ((value ^ Cr0) & reloading) != 0 && !LoadPdptes(Cr3))
            return false;
        var changed = value ^ Cr0;
        Cr0 = value;
        Msr.Efer = efer;
        UpdateMode();
        if ((changed & (Cr0Bits.Paging | Cr0Bits.WriteProtect | Cr0Bits.ProtectionEnable)) != 0)
            FlushTlb(TlbFlush.All);
        return true;
    }

    /// <summary>Writes CR3 as MOV does.</summary>
    /// <returns>False with #GP(0) or a question pending, and nothing changed.</returns>
    internal bool WriteCr3(ulong value)
    {
        if (_is64BitMode)
        {
            // Bit 63 keeps the TLB entries of the new PCID; it is not stored. This TLB knows no PCIDs and drops them all.
            if ((Cr4 & Cr4Bits.Pcid) != 0)
                value &= ~NoFlush;
            if (value >> Features.PhysicalAddressBits != 0)
                return Fail(Vector.GeneralProtection, 0);
        }
        if (UsesPdptes && !LoadPdptes(value))
            return false;
        Cr3 = value;
        FlushTlb(TlbFlush.AllButGlobal);
        return true;
    }

    /// <summary>Writes CR4 as MOV does.</summary>
    /// <returns>False with #GP(0) or a question pending, and nothing changed.</returns>
    internal bool WriteCr4(ulong value)
    {
        if ((value & ~Cr4Allowed) != 0)
            return Fail(Vector.GeneralProtection, 0);
        var changed = value ^ Cr4;
        if (IsLongMode)
        {
            if ((value & Cr4Bits.PhysicalAddressExtension) == 0 || (changed & Cr4Bits.La57) != 0)
                return Fail(Vector.GeneralProtection, 0);
        }
        if ((changed & value & Cr4Bits.Pcid) != 0 && (!IsLongMode || (Cr3 & PcidMask) != 0))
            return Fail(Vector.GeneralProtection, 0);
        const ulong reloading = Cr4Bits.PhysicalAddressExtension | Cr4Bits.PageGlobal | Cr4Bits.PageSizeExtensions | Cr4Bits.Smep;
        if (IsPae(Cr0, value) && (changed & reloading) != 0 && !LoadPdptes(Cr3))
            return false;
        Cr4 = value;
        const ulong flushing = reloading | Cr4Bits.Pcid | Cr4Bits.Smap | Cr4Bits.ProtectionKeys | Cr4Bits.La57
            | Cr4Bits.DebuggingExtensions;
        if ((changed & flushing) != 0)
            FlushTlb(TlbFlush.All);
        return true;
    }

    /// <summary>The bits of CR4 that the CPU model has.</summary>
    private ulong Cr4Allowed
    {
        get
        {
            var features = Features;
            return Cr4Bits.TimeStampDisable | Cr4Bits.PerformanceCounter
                | If(features.Vme, Cr4Bits.Vme | Cr4Bits.Pvi)
                | If(features.De, Cr4Bits.DebuggingExtensions)
                | If(features.Pse, Cr4Bits.PageSizeExtensions)
                | If(features.Pae, Cr4Bits.PhysicalAddressExtension)
                | If(features.Mce, Cr4Bits.MachineCheck)
                | If(features.Pge, Cr4Bits.PageGlobal)
                | If(features.Fxsr, Cr4Bits.OsFxsr)
                | If(features.Sse, Cr4Bits.OsXmmExceptions)
                | If(features.Umip, Cr4Bits.Umip)
                | If(features.La57, Cr4Bits.La57)
                | If(features.Fsgsbase, Cr4Bits.Fsgsbase)
                | If(features.Pcid, Cr4Bits.Pcid)
                | If(features.Xsave, Cr4Bits.OsXsave)
                | If(features.Smep, Cr4Bits.Smep)
                | If(features.Smap, Cr4Bits.Smap)
                | If(features.Pku, Cr4Bits.ProtectionKeys);

            static ulong If(bool present, ulong bits) => present ? bits : 0;
        }
    }

    private bool IsPae(ulong cr0, ulong cr4) => (cr0 & Cr0Bits.Paging) != 0
        && (cr4 & Cr4Bits.PhysicalAddressExtension) != 0 && (Msr.Efer & EferBits.LongModeActive) == 0;

    /// <summary>Loads the four PDPTEs of PAE paging; #GP(0) if a present one has a reserved bit set (SDM 3A 4.4.1).</summary>
    private bool LoadPdptes(ulong cr3)
    {
        var reserved = 0x1E6UL | (ulong.MaxValue << Features.PhysicalAddressBits);
        Span<ulong> entries = stackalloc ulong[4];
        for (var i = 0; i < 4; i++)
        {
            var at = new Ringmaster.Memory.GuestPhysicalAddress((cr3 & 0xFFFF_FFE0) + (ulong)i * 8);
            // Nothing answers outside RAM; an entry of zeros is not present.
            if (!_memory.TryRead(at, out entries[i]))
                entries[i] = 0;
            if ((entries[i] & 1) != 0 && (entries[i] & reserved) != 0)
                return Fail(Vector.GeneralProtection, 0);
        }
        (Pdpte0, Pdpte1, Pdpte2, Pdpte3) = (entries[0], entries[1], entries[2], entries[3]);
        return true;
    }
}
