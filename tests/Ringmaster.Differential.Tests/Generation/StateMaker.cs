using Ringmaster.Cpu.Models;
using Ringmaster.Differential.Tests.Native;

namespace Ringmaster.Differential.Tests.Generation;

/// <summary>Makes the registers that a sequence starts with.</summary>
internal static class StateMaker
{
    private const uint StatusFlags = 0x8D5, Direction = 0x400, Trap = 0x100, AlignmentCheck = 0x4_0000;
    private const uint MisalignedMask = 1 << 17;
    private const ushort ExceptionFlags = 0x3F, ErrorSummary = 0x8080;

    // MISALIGNSSE (APM 3 E.4.2); elsewhere XRSTOR refuses the bit.
    private static bool SupportsMisalignedMask { get; } = (HostCpu.Cpuid(0x8000_0001, 0).Ecx >> 7 & 1) != 0;

    /// <summary>Fills in everything but RIP.</summary>
    public static void Fill(Dice dice, ref RegisterFrame frame, bool is32Bit, bool hasWildStack)
    {
        for (var i = 0; i < 16; i++)
            frame.General[i] = dice.Percent(30) ? Values.Address(dice, 16) : Values.Integer(dice);
        if (dice.Percent(60))
            frame.General[1] = (ulong)dice.Between(0, 24);
        if (dice.Percent(95))
            frame.General[4] = AddressSpace.Data + 0x1000 + (ulong)dice.Below(0x800) * (dice.Percent(90) ? 8u : 1);
        if (!hasWildStack)
            frame.General[4] = (ulong)((long)(frame.General[4] << 16) >> 16);
        for (var i = 5; i < 8; i++)
        {
            if (dice.Percent(60))
                frame.General[i] = Values.Address(dice, 8);
        }
        if (is32Bit)
        {
            for (var i = 0; i < 16; i++)
                frame.General[i] = i < 8 ? (uint)frame.General[i] : 0;
        }
        frame.Rflags = 0x202 | (dice.Next() & StatusFlags) | (dice.Percent(15) ? Direction : 0);
        if (dice.Percent(1))
            frame.Rflags |= Trap;
        if (EngineLimits.ChecksAlignment && dice.Percent(2))
            frame.Rflags |= AlignmentCheck;
        FillX87(dice, ref frame);
        FillVectors(dice, ref frame);
    }

    private static void FillX87(Dice dice, ref RegisterFrame frame)
    {
        ref var fx = ref frame.Fx;
        fx = default;
        var masks = dice.Percent(85) ? 0x3F : (ushort)dice.Below(0x40);
        // Precision control 1 is reserved (SDM 1 8.1.5.2).
        var precision = dice.Percent(60) ? 3 : dice.Pick<int>([0, 2, 3]);
        var rounding = dice.Percent(60) ? 0 : dice.Below(4);
        fx.ControlWord = (ushort)(masks | 0x40 | precision << 8 | rounding << 10);
        var top = dice.Percent(40) ? 0 : dice.Below(8);
        var status = top << 11 | (int)(dice.Next() & 0x4700);
        if (dice.Percent(20))
            status |= dice.Below(0x80);
        // A pending exception makes the next x87 instruction fault; a stack fault without IE does not exist.
        if ((status & 0x40) != 0)
            status |= 1;
        if ((status & ~masks & ExceptionFlags) != 0 && dice.Percent(80))
            status &= masks | ~ExceptionFlags;
        if ((status & 1) == 0)
            status &= ~0x40;
        if ((status & ~masks & ExceptionFlags) != 0)
            status |= ErrorSummary;
        fx.StatusWord = (ushort)status;
        fx.TagWord = dice.Below(4) switch
        {
            0 => (byte)dice.Next(),
            1 => 0,
            // Some registers from TOP on.
            _ => (byte)((0xFF >> dice.Below(8)) << top | (0xFF >> dice.Below(8)) << top >> 8),
        };
        for (var i = 0; i < 8; i++)
        {
            var value = Values.Float(dice);
            fx.Stack[i].Significand = value.Significand;
            fx.Stack[i].SignExponent = value.SignExponent;
        }
    }

    private static void FillVectors(Dice dice, ref RegisterFrame frame)
    {
        var mxcsr = dice.Percent(90) ? 0x1F80u : (uint)dice.Below(0x40) << 7;
        if (dice.Percent(30))
            mxcsr |= (uint)dice.Below(4) << 13;
        if (dice.Percent(10))
            mxcsr |= dice.Pick<uint>([0x40, 0x8000, 0x8040]);
        if (dice.Percent(20))
            mxcsr |= (uint)dice.Below(0x40);
        if (SupportsMisalignedMask && dice.Percent(4))
            mxcsr |= MisalignedMask;
        frame.Fx.Mxcsr = mxcsr;
        for (var i = 0; i < 32; i++)
        {
            frame.Fx.Xmm[i] = Values.Vector(dice);
            frame.YmmHigh[i] = Values.Vector(dice);
        }
    }
}
