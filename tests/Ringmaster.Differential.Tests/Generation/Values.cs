using Ringmaster.Cpu.State;
using Ringmaster.Differential.Tests.Native;

namespace Ringmaster.Differential.Tests.Generation;

/// <summary>Values that instructions treat specially, more often than pure chance would bring them.</summary>
internal static class Values
{
    private static readonly ulong[] s_integers =
    [
        0, 1, 2, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x1_0000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x1_0000_0000,
        0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, ulong.MaxValue, ulong.MaxValue - 1, 0xFFFF_FFFF_8000_0000, 0xFFFF_FFFF_FFFF_FF80,
        0xFFFF_FFFF_FFFF_8000, 0x5555_5555_5555_5555, 0xAAAA_AAAA_AAAA_AAAA, 0x0123_4567_89AB_CDEF, 0x99, 0x0909_0909,
    ];

    private static readonly ulong[] s_doubles =
    [
        0, 0x8000_0000_0000_0000, 0x3FF0_0000_0000_0000, 0xBFF0_0000_0000_0000, 0x3FE0_0000_0000_0000, 0x4000_0000_0000_0000,
        0x7FF0_0000_0000_0000, 0xFFF0_0000_0000_0000, 0x7FF8_0000_0000_0000, 0xFFF8_0000_0000_0000, 0x7FF0_0000_0000_0001,
        0xFFF4_0000_0000_1234, 0x0000_0000_0000_0001, 0x800F_FFFF_FFFF_FFFF, 0x0010_0000_0000_0000, 0x7FEF_FFFF_FFFF_FFFF,
        0x41DF_FFFF_FFC0_0000, 0xC1E0_0000_0000_0000, 0x43E0_0000_0000_0000, 0x4330_0000_0000_0001, 0x3FF8_0000_0000_0000,
        0x36A0_0000_0000_0000, 0x47EF_FFFF_F000_0000, 0x3810_0000_0000_0000, 0x400921FB54442D18,
    ];

    private static readonly uint[] s_singles =
    [
        0, 0x8000_0000, 0x3F80_0000, 0xBF80_0000, 0x3F00_0000, 0x4000_0000, 0x7F80_0000, 0xFF80_0000, 0x7FC0_0000, 0xFFC0_0000,
        0x7F80_0001, 0xFFA0_1234, 0x0000_0001, 0x807F_FFFF, 0x0080_0000, 0x7F7F_FFFF, 0x4F00_0000, 0xCF00_0000, 0x5F00_0000,
        0x4B00_0001, 0x3FC0_0000, 0x477F_E000, 0x3880_0000, 0x3300_0000, 0xC77F_F000,
    ];

    private static readonly ushort[] s_exponents =
        [0, 1, 0x3FFE, 0x3FFF, 0x4000, 0x403D, 0x403E, 0x403F, 0x7FFE, 0x7FFF, 0x3C00, 0x43FE, 0x3F80, 0x407F, 0x3BCD, 0x401E, 0x400E];

    private static readonly ulong[] s_significands =
    [
        0, 1, 0x8000_0000_0000_0000, 0x8000_0000_0000_0001, 0xC000_0000_0000_0000, 0xC000_0000_0000_0001, 0xA000_0000_0000_0000,
        ulong.MaxValue, 0x7FFF_FFFF_FFFF_FFFF, 0x4000_0000_0000_0000, 0xFFFF_FF00_0000_0000, 0xFFFF_FFFF_FFFF_F800, 0xFFFF_FF80_0000_0000,
        0xFFFF_FFFF_FFFF_FC00, 0x8000_0000_0000_0400,
    ];

    /// <summary>A 64-bit integer.</summary>
    public static ulong Integer(Dice dice)
    {
        switch (dice.Below(10))
        {
            case < 3:
                return dice.Pick<ulong>(s_integers);
            case 3:
                return (1UL << dice.Below(64)) + (ulong)dice.Between(-1, 1);
            case 4:
                return (ulong)dice.Between(-20, 70);
            case 5:
                return Address(dice, 8);
            case 6:
                return dice.Next() >> dice.Below(64);
            case 7:
                return (ulong)((long)dice.Next() >> dice.Below(64));
            default:
                return dice.Next();
        }
    }

    /// <summary>64 bits of a vector register or of memory: integers, doubles, pairs of singles, halves.</summary>
    public static ulong Vector(Dice dice) => dice.Below(8) switch
    {
        0 or 1 => Integer(dice),
        2 or 3 => Double(dice),
        4 or 5 => Single(dice) | (ulong)Single(dice) << 32,
        6 => Double(dice) ^ dice.Next() >> dice.Between(12, 63),
        _ => dice.Next(),
    };

    /// <summary>The bits of a double.</summary>
    public static ulong Double(Dice dice) => dice.Below(4) switch
    {
        0 => dice.Next(),
        // Exponents near each other make sums and products that round, overflow and underflow by little.
        1 => (dice.Next() & 0x800F_FFFF_FFFF_FFFF) | (ulong)dice.Between(0x3F0, 0x410) << 52,
        _ => dice.Pick<ulong>(s_doubles),
    };

    /// <summary>The bits of a single.</summary>
    public static uint Single(Dice dice) => dice.Below(4) switch
    {
        0 => (uint)dice.Next(),
        1 => ((uint)dice.Next() & 0x807F_FFFF) | (uint)dice.Between(0x70, 0x90) << 23,
        _ => dice.Pick<uint>(s_singles),
    };

    /// <summary>An x87 register: numbers of all kinds, unnormals and pseudo-denormals included.</summary>
    public static FloatRegister Float(Dice dice)
    {
        var sign = (ushort)(dice.Next() & 0x8000);
        return dice.Below(6) switch
        {
            0 => new FloatRegister(dice.Next(), (ushort)dice.Next()),
            1 or 2 => new FloatRegister(dice.Pick<ulong>(s_significands), (ushort)(sign | dice.Pick<ushort>(s_exponents))),
            3 => new FloatRegister((dice.Next() << dice.Below(60)) | 1UL << 63, (ushort)(sign | dice.Between(0x3FF0, 0x4010))),
            4 => new FloatRegister((dice.Next() >> dice.Below(60)) | 1UL << 63, (ushort)(sign | dice.Between(0x3FF8, 0x4048))),
            _ => new FloatRegister(dice.Next() | 1UL << 63, (ushort)(sign | dice.Pick<ushort>(s_exponents))),
        };
    }

    /// <summary>An address, mostly of mapped memory, where an access of some bytes makes sense.</summary>
    public static ulong Address(Dice dice, int size)
    {
        var roll = dice.Below(100);
        if (roll < 62)
            return AddressSpace.Data + (ulong)dice.Below((AddressSpace.DataLength - 64) / size) * (ulong)size;
        if (roll < 76)
            return AddressSpace.Data + (ulong)dice.Below(AddressSpace.DataLength - 64);
        // Across two pages.
        if (roll < 84)
            return AddressSpace.Data + (ulong)dice.Between(1, 2) * AddressSpace.PageSize - (ulong)dice.Below(size + 1);
        if (roll < 88)
            return AddressSpace.Island + (ulong)dice.Below((int)AddressSpace.PageSize / size) * (ulong)size;
        if (roll < 92)
            return AddressSpace.ReadOnly + (ulong)dice.Below((int)AddressSpace.PageSize / size) * (ulong)size;
        return roll switch
        {
            92 => AddressSpace.ReadOnly - (ulong)dice.Below(size + 1),
            93 => AddressSpace.Hole - (ulong)dice.Below(size + 1),
            94 => AddressSpace.Island - (ulong)dice.Below(size + 1),
            95 => AddressSpace.Island + AddressSpace.PageSize - (ulong)dice.Below(size + 1),
            96 => AddressSpace.Code + (ulong)dice.Below(0x2000),
            97 => AddressSpace.Hole + (ulong)dice.Below(0x1000),
            98 => dice.Percent(50) ? AddressSpace.Data - (ulong)dice.Below(size + 1) : 0x0000_8000_0000_0000 - (ulong)dice.Below(size + 1),
            _ => AddressSpace.High + (ulong)dice.Below(0x1000),
        };
    }
}
