using Ringmaster.Cpu.Interpreter.Memory;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Bridge to the reference page walk.</summary>
internal sealed unsafe partial class Vcpu
{
    /// <summary>Walks the guest's page tables, setting accessed and dirty bits.</summary>
    private bool WalkPages(ulong linear, AccessKind kind, MmuMode mode, out GuestPhysicalAddress address, out bool writable,
        out int pageShift, out uint errorCode)
    {
        var user = mode == MmuMode.User;
        var write = kind == AccessKind.Write;
        errorCode = (write ? 2u : 0) | (user ? 4u : 0) | (kind == AccessKind.Execute && (Msr.Efer & EferBits.NoExecute) != 0 ? 16u : 0);
        address = default;
        writable = true;
        pageShift = 12;
        var userPage = true;
        var noExecute = false;
        if ((Cr4 & Cr4Bits.PhysicalAddressExtension) == 0)
        {
            var table = Cr3 & 0xFFFFF000;
            for (var level = 1; level >= 0; level--)
            {
                var at = new GuestPhysicalAddress(table + ((linear >> (12 + level * 10)) & 0x3FF) * 4);
                if (!_memory.TryRead(at, out uint entry) || (entry & 1) == 0)
                    return false;
                writable &= (entry & 2) != 0;
                userPage &= (entry & 4) != 0;
                var leaf = level == 0 || ((entry & 0x80) != 0 && (Cr4 & Cr4Bits.PageSizeExtensions) != 0);
                pageShift = level == 0 ? 12 : 22;
                if (!leaf)
                {
                    if ((entry & 0x20) == 0)
                        _memory.TryWrite(at, entry | 0x20);
                    table = entry & 0xFFFFF000;
                    continue;
                }
                if (!Allowed(ref errorCode, user, write, kind, mode, ref writable, userPage, noExecute))
                    return false;
                var updated = entry | 0x20 | (write ? 0x40u : 0);
                if (updated != entry)
                    _memory.TryWrite(at, updated);
                writable &= (updated & 0x40) != 0;
                var frame = level == 0 ? entry & 0xFFFFF000UL : (entry & 0xFFC00000UL) | ((ulong)(entry >> 13 & 0xFF) << 32);
                address = new GuestPhysicalAddress(frame | (linear & ((1UL << pageShift) - 1)));
                return true;
            }
            return false;
        }
        else
        {
            var levels = IsLongMode ? 4 : 3;
            var table = IsLongMode ? Cr3 & 0x000F_FFFF_FFFF_F000 : Cr3 & 0xFFFF_FFE0;
            for (var level = levels - 1; level >= 0; level--)
            {
                var mask = !IsLongMode && level == 2 ? 3u : 0x1FFu;
                var at = new GuestPhysicalAddress(table + ((linear >> (12 + level * 9)) & mask) * 8);
                if (!_memory.TryRead(at, out ulong entry) || (entry & 1) == 0)
                    return false;
                if (!(level == 2 && !IsLongMode))
                {
                    writable &= (entry & 2) != 0;
                    userPage &= (entry & 4) != 0;
                    noExecute |= (entry >> 63) != 0 && (Msr.Efer & EferBits.NoExecute) != 0;
                }
                var leaf = level == 0 || ((entry & 0x80) != 0 && level <= 2);
                pageShift = 12 + level * 9;
                if (!leaf)
                {
                    if ((entry & 0x20) == 0 && !(level == 2 && !IsLongMode))
                        _memory.TryWrite(at, entry | 0x20);
                    table = entry & 0x000F_FFFF_FFFF_F000;
                    continue;
                }
                if (!Allowed(ref errorCode, user, write, kind, mode, ref writable, userPage, noExecute))
                    return false;
                var updated = entry | 0x20 | (write ? 0x40u : 0);
                if (updated != entry)
                    _memory.TryWrite(at, updated);
                writable &= (updated & 0x40) != 0;
                var low = (1UL << pageShift) - 1;
                address = new GuestPhysicalAddress((entry & 0x000F_FFFF_FFFF_F000 & ~low) | (linear & low));
                return true;
            }
            return false;
        }
    }

    private bool Allowed(ref uint errorCode, bool user, bool write, AccessKind kind, MmuMode mode, ref bool writable, bool userPage, bool noExecute)
    {
        errorCode |= 1;
        if (user && !userPage)
            return false;
        if (!user && userPage && kind == AccessKind.Execute && (Cr4 & Cr4Bits.Smep) != 0)
            return false;
        if (!user && userPage && kind != AccessKind.Execute && mode == MmuMode.Supervisor && (Cr4 & Cr4Bits.Smap) != 0)
            return false;
        if (!writable && !user && (Cr0 & Cr0Bits.WriteProtect) == 0)
            writable = true;
        if (write && !writable)
            return false;
        if (kind == AccessKind.Execute && noExecute)
            return false;
        errorCode &= ~1u;
        return true;
    }

    /// <inheritdoc/>
    public GuestPhysicalAddress? Translate(LinearAddress address) =>
        (Cr0 & Cr0Bits.Paging) == 0 ? new GuestPhysicalAddress(address.Value)
        : WalkPages(address.Value, AccessKind.Read, MmuMode.SupervisorToUser, out var physical, out _, out _, out _) ? physical : null;
}
