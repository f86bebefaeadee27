using System.Runtime.CompilerServices;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Paging;

/// <summary>
/// Translates linear addresses by the guest's page tables, exactly as SDM 3A chapter 4 describes: the reference for every
/// engine's own way of doing it, and the interpreter's. It allocates nothing, and whatever the tables hold, it ends after at
/// most five entries an attempt and touches only RAM.
/// </summary>
public static class PageWalk
{
    // Another vCPU that keeps rewriting an entry can make its update fail again and again. After this many attempts the
    // guest gets a fault as for an entry that is not present; operating systems take such a spurious fault by trying again.
    private const int MaxAttempts = 64;

    /// <summary>Translates an address for an access that is being made: sets accessed and dirty bits (SDM 3A 4.8).</summary>
    /// <param name="memory">Guest RAM.</param>
    /// <param name="context">The vCPU's paging state.</param>
    /// <param name="address">The linear address; canonical, or its upper bits are not looked at.</param>
    /// <param name="access">Who accesses it, and how.</param>
    /// <param name="record">The entries read. Those that were written change RAM: the dirty log wants to know.</param>
    public static PageTranslation Translate(GuestMemory memory, in PagingContext context, LinearAddress address, PageAccess access,
        ref PageWalkRecord record)
    {
        ArgumentNullException.ThrowIfNull(memory);
        record.Clear();
        for (var attempt = 0; attempt < MaxAttempts && record.HasRoom; attempt++)
        {
            var translation = WalkOnce(memory, context, address, access, ref record);
            // An entry that has led to the next table is accessed, whatever comes of the walk.
            var used = translation.IsFault ? record.Count - 1 : record.Count;
            if (context.Mode == PagingMode.None
                || TryUpdate(memory, context.Mode, access.Kind == PageAccessKind.Write, used, ref record))
            {
                return access.Kind == PageAccessKind.Write && !translation.IsFault ? translation.AsDirty() : translation;
            }
        }
        return PageTranslation.Fault(Cause(context, access));
    }

    /// <summary>As the other overload, without a record.</summary>
    [SkipLocalsInit]
    public static PageTranslation Translate(GuestMemory memory, in PagingContext context, LinearAddress address, PageAccess access)
    {
        // Translate clears what it reads of the record.
        Unsafe.SkipInit(out PageWalkRecord record);
        return Translate(memory, context, address, access, ref record);
    }

    /// <summary>Translates an address without changing anything, for debuggers and crash reports.</summary>
    /// <inheritdoc cref="Translate(GuestMemory, in PagingContext, LinearAddress, PageAccess, ref PageWalkRecord)"/>
    public static PageTranslation Probe(GuestMemory memory, in PagingContext context, LinearAddress address, PageAccess access,
        ref PageWalkRecord record)
    {
        ArgumentNullException.ThrowIfNull(memory);
        record.Clear();
        return WalkOnce(memory, context, address, access, ref record);
    }

    private static PageTranslation WalkOnce(GuestMemory memory, in PagingContext context, LinearAddress address, PageAccess access,
        ref PageWalkRecord record)
    {
        record.Start(context.Mode);
        return context.Mode switch
        {
            PagingMode.None => PageTranslation.Identity(address.Value & uint.MaxValue),
            PagingMode.TwoLevel => WalkNarrow(memory, context, (uint)address.Value, access, ref record),
            _ => WalkWide(memory, context, address.Value, access, ref record),
        };
    }

    // 32-bit paging (SDM 3A 4.3).
    private static PageTranslation WalkNarrow(GuestMemory memory, in PagingContext context, uint linear, PageAccess access,
        ref PageWalkRecord record)
    {
        var at = context.Root + (linear >> 22) * 4;
        var entry = PageTableMemory.Read4(memory, at);
        record.Add(at, entry);
        if ((entry & PageEntry.Present) == 0)
            return NotPresent(context, access);
        var rights = entry;
        if ((entry & PageEntry.PageSize) != 0 && context.LargePages)
        {
            // Bits 13 to 20 are address bits 32 to 39 as far as the processor has them; the rest to bit 21 must be zero.
            var high = context.Capabilities.HasPse36 ? Math.Min(context.Capabilities.PhysicalAddressBits, 40) - 32 : 0;
            var addressBits = ((1UL << high) - 1) << 13;
            if ((entry & 0x3F_E000 & ~addressBits) != 0)
                return Reserved(context, access);
            var page = (entry & 0xFFC0_0000) | (entry & addressBits) << 19;
            return Finish(context, access, rights, entry, page | linear & 0x3F_FFFF, 22);
        }

        at = (entry & 0xFFFF_F000) + (linear >> 12 & 0x3FF) * 4;
        entry = PageTableMemory.Read4(memory, at);
        record.Add(at, entry);
        if ((entry & PageEntry.Present) == 0)
            return NotPresent(context, access);
        rights &= entry;
        return Finish(context, access, rights, entry, (entry & 0xFFFF_F000) | linear & 0xFFF, 12);
    }

    // PAE, 4-level and 5-level paging (SDM 3A 4.4 and 4.5).
    private static PageTranslation WalkWide(GuestMemory memory, in PagingContext context, ulong linear, PageAccess access,
        ref PageWalkRecord record)
    {
        var table = context.Root;
        var shift = context.Mode switch { PagingMode.FiveLevel => 48, PagingMode.FourLevel => 39, _ => 21 };
        if (context.Mode == PagingMode.Pae)
        {
            linear = (uint)linear;
            var register = context.Pdpte((int)(linear >> 30));
            record.Add(0, register, isRegister: true);
            if ((register & PageEntry.Present) == 0)
                return NotPresent(context, access);
            table = register & PageEntry.AddressMask;
        }

        // U/S and R/W must be set in all entries, XD in none: the complement of XD makes one AND do for all three.
        var rights = ulong.MaxValue;
        while (true)
        {
            var at = table + (linear >> shift & 0x1FF) * 8;
            var entry = PageTableMemory.Read8(memory, at);
            record.Add(at, entry);
            if ((entry & PageEntry.Present) == 0)
                return NotPresent(context, access);

            var isPage = shift == 12;
            var reserved = context.ReservedAlways;
            if (!isPage && (entry & PageEntry.PageSize) != 0)
            {
                isPage = shift == 21 || shift == 30 && context.Capabilities.HasGigabytePages;
                reserved |= isPage ? ((1UL << shift) - 1) & ~0x1FFFUL : PageEntry.PageSize;
            }
            if ((entry & reserved) != 0)
                return Reserved(context, access);
            rights &= entry ^ PageEntry.NoExecute;
            if (isPage)
            {
                var offset = (1UL << shift) - 1;
                return Finish(context, access, rights ^ PageEntry.NoExecute, entry, entry & PageEntry.AddressMask & ~offset | linear & offset, shift);
            }
            table = entry & PageEntry.AddressMask;
            shift -= 9;
        }
    }

    // All entries are good; what remains is whether this access may use them (SDM 3A 4.6).
    private static PageTranslation Finish(in PagingContext context, PageAccess access, ulong rights, ulong page, ulong address, int shift)
    {
        var isUserPage = (rights & PageEntry.User) != 0;
        var isWritable = (rights & PageEntry.Writable) != 0;
        var isExecutable = (rights & PageEntry.NoExecute) == 0 || !context.NoExecute;
        var key = context.ProtectionKeys ? PageEntry.ProtectionKey(page) : 0;

        var allowed = access.Kind switch
        {
            PageAccessKind.Fetch => isExecutable,
            PageAccessKind.Write => isWritable || !access.IsUser && !context.WriteProtect,
            _ => true,
        };
        if (access.IsUser)
            allowed &= isUserPage;
        else if (isUserPage && access.Kind == PageAccessKind.Fetch)
            allowed &= !context.Smep;
        else if (isUserPage)
            allowed &= !context.Smap || context.AlignmentCheck && !access.IsImplicit;

        var keyForbids = context.ProtectionKeys && isUserPage && KeyForbids(context, access, key);
        if (!allowed || keyForbids)
        {
            var error = PageFaultError.Protection | Cause(context, access);
            return PageTranslation.Fault(keyForbids ? error | PageFaultError.ProtectionKey : error);
        }

        var bits = (isUserPage ? PageTranslation.Bits.User : 0)
            | (isWritable ? PageTranslation.Bits.Writable : 0)
            | (isExecutable ? 0 : PageTranslation.Bits.NoExecute)
            | ((page & PageEntry.Global) != 0 ? PageTranslation.Bits.Global : 0)
            | ((page & PageEntry.Dirty) != 0 ? PageTranslation.Bits.Dirty : 0);
        var pat = (page & (shift == 12 ? PageEntry.PatOfPage : PageEntry.PatOfLargePage)) != 0 ? 4 : 0;
        var memoryType = pat | (int)(page >> 3 & 3);
        return new(address, shift, bits, key, memoryType);
    }

    // SDM 3A 4.6.2: each key has an access-disable and a write-disable bit; fetches are not ruled by keys.
    private static bool KeyForbids(in PagingContext context, PageAccess access, int key)
    {
        if (access.Kind == PageAccessKind.Fetch)
            return false;
        var rights = context.Pkru >> (key * 2);
        return (rights & 1) != 0
            || (rights & 2) != 0 && access.Kind == PageAccessKind.Write && (access.IsUser || context.WriteProtect);
    }

    // False if an entry has changed since it was read, so that the translation is no longer the tables'.
    private static bool TryUpdate(GuestMemory memory, PagingMode mode, bool isWrite, int used, ref PageWalkRecord record)
    {
        for (var i = 0; i < used; i++)
        {
            var step = record[i];
            if (step.IsRegister)
                continue;
            var bits = PageEntry.Accessed | (isWrite && i == record.Count - 1 ? PageEntry.Dirty : 0);
            while ((step.Entry & bits) != bits)
            {
                var found = PageTableMemory.Replace(memory, step.Address.Value, step.Entry, step.Entry | bits, mode != PagingMode.TwoLevel);
                if (found == step.Entry)
                {
                    record.Wrote(i, step.Entry | bits);
                    break;
                }
                // Another vCPU's walk may have set accessed or dirty bits meanwhile, which changes nothing else. This loop only
                // goes on when bits were added, so it soon ends.
                if ((found & step.Entry) != step.Entry || ((found ^ step.Entry) & ~(PageEntry.Accessed | PageEntry.Dirty)) != 0)
                    return false;
                step = step with { Entry = found };
                record.Found(i, found);
            }
        }
        return true;
    }

    private static PageTranslation NotPresent(in PagingContext context, PageAccess access) =>
        PageTranslation.Fault(Cause(context, access));

    private static PageTranslation Reserved(in PagingContext context, PageAccess access) =>
        PageTranslation.Fault(PageFaultError.Protection | PageFaultError.ReservedBit | Cause(context, access));

    private static PageFaultError Cause(in PagingContext context, PageAccess access) =>
        (access.IsUser ? PageFaultError.User : 0)
        | (access.Kind == PageAccessKind.Write ? PageFaultError.Write : 0)
        | (access.Kind == PageAccessKind.Fetch && context.ReportsFetch ? PageFaultError.Fetch : 0);
}
