using System.Runtime.Intrinsics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.FloatingPoint;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Float;

/// <summary>Addition, subtraction, multiplication, division, square root, minimum, maximum and rounding to integers.</summary>
internal static class FloatArithmetic
{
    public static void Register(HandlerTable table)
    {
        PackedFloat<EachElement<Add, uint>>.EnterBinary(
            table, Code.Addps_xmm_xmmm128, Code.VEX_Vaddps_xmm_xmm_xmmm128, Code.VEX_Vaddps_ymm_ymm_ymmm256);
        ScalarFloat<Add, uint, uint>.Enter(table, Code.Addss_xmm_xmmm32, Code.VEX_Vaddss_xmm_xmm_xmmm32);
        PackedFloat<EachElement<Add, ulong>>.EnterBinary(
            table, Code.Addpd_xmm_xmmm128, Code.VEX_Vaddpd_xmm_xmm_xmmm128, Code.VEX_Vaddpd_ymm_ymm_ymmm256);
        ScalarFloat<Add, ulong, ulong>.Enter(table, Code.Addsd_xmm_xmmm64, Code.VEX_Vaddsd_xmm_xmm_xmmm64);
        PackedFloat<EachElement<Subtract, uint>>.EnterBinary(
            table, Code.Subps_xmm_xmmm128, Code.VEX_Vsubps_xmm_xmm_xmmm128, Code.VEX_Vsubps_ymm_ymm_ymmm256);
        ScalarFloat<Subtract, uint, uint>.Enter(table, Code.Subss_xmm_xmmm32, Code.VEX_Vsubss_xmm_xmm_xmmm32);
        PackedFloat<EachElement<Subtract, ulong>>.EnterBinary(
            table, Code.Subpd_xmm_xmmm128, Code.VEX_Vsubpd_xmm_xmm_xmmm128, Code.VEX_Vsubpd_ymm_ymm_ymmm256);
        ScalarFloat<Subtract, ulong, ulong>.Enter(table, Code.Subsd_xmm_xmmm64, Code.VEX_Vsubsd_xmm_xmm_xmmm64);
        PackedFloat<EachElement<Multiply, uint>>.EnterBinary(
            table, Code.Mulps_xmm_xmmm128, Code.VEX_Vmulps_xmm_xmm_xmmm128, Code.VEX_Vmulps_ymm_ymm_ymmm256);
        ScalarFloat<Multiply, uint, uint>.Enter(table, Code.Mulss_xmm_xmmm32, Code.VEX_Vmulss_xmm_xmm_xmmm32);
        PackedFloat<EachElement<Multiply, ulong>>.EnterBinary(
            table, Code.Mulpd_xmm_xmmm128, Code.VEX_Vmulpd_xmm_xmm_xmmm128, Code.VEX_Vmulpd_ymm_ymm_ymmm256);
        ScalarFloat<Multiply, ulong, ulong>.Enter(table, Code.Mulsd_xmm_xmmm64, Code.VEX_Vmulsd_xmm_xmm_xmmm64);
        PackedFloat<EachElement<Divide, uint>>.EnterBinary(
            table, Code.Divps_xmm_xmmm128, Code.VEX_Vdivps_xmm_xmm_xmmm128, Code.VEX_Vdivps_ymm_ymm_ymmm256);
        ScalarFloat<Divide, uint, uint>.Enter(table, Code.Divss_xmm_xmmm32, Code.VEX_Vdivss_xmm_xmm_xmmm32);
        PackedFloat<EachElement<Divide, ulong>>.EnterBinary(
            table, Code.Divpd_xmm_xmmm128, Code.VEX_Vdivpd_xmm_xmm_xmmm128, Code.VEX_Vdivpd_ymm_ymm_ymmm256);
        ScalarFloat<Divide, ulong, ulong>.Enter(table, Code.Divsd_xmm_xmmm64, Code.VEX_Vdivsd_xmm_xmm_xmmm64);
        PackedFloat<EachElement<Minimum, uint>>.EnterBinary(
            table, Code.Minps_xmm_xmmm128, Code.VEX_Vminps_xmm_xmm_xmmm128, Code.VEX_Vminps_ymm_ymm_ymmm256);
        ScalarFloat<Minimum, uint, uint>.Enter(table, Code.Minss_xmm_xmmm32, Code.VEX_Vminss_xmm_xmm_xmmm32);
        PackedFloat<EachElement<Minimum, ulong>>.EnterBinary(
            table, Code.Minpd_xmm_xmmm128, Code.VEX_Vminpd_xmm_xmm_xmmm128, Code.VEX_Vminpd_ymm_ymm_ymmm256);
        ScalarFloat<Minimum, ulong, ulong>.Enter(table, Code.Minsd_xmm_xmmm64, Code.VEX_Vminsd_xmm_xmm_xmmm64);
        PackedFloat<EachElement<Maximum, uint>>.EnterBinary(
            table, Code.Maxps_xmm_xmmm128, Code.VEX_Vmaxps_xmm_xmm_xmmm128, Code.VEX_Vmaxps_ymm_ymm_ymmm256);
        ScalarFloat<Maximum, uint, uint>.Enter(table, Code.Maxss_xmm_xmmm32, Code.VEX_Vmaxss_xmm_xmm_xmmm32);
        PackedFloat<EachElement<Maximum, ulong>>.EnterBinary(
            table, Code.Maxpd_xmm_xmmm128, Code.VEX_Vmaxpd_xmm_xmm_xmmm128, Code.VEX_Vmaxpd_ymm_ymm_ymmm256);
        ScalarFloat<Maximum, ulong, ulong>.Enter(table, Code.Maxsd_xmm_xmmm64, Code.VEX_Vmaxsd_xmm_xmm_xmmm64);
        PackedFloat<EachElement<SquareRoot, uint>>.EnterUnary(
            table, Code.Sqrtps_xmm_xmmm128, Code.VEX_Vsqrtps_xmm_xmmm128, Code.VEX_Vsqrtps_ymm_ymmm256);
        ScalarFloat<SquareRoot, uint, uint>.Enter(table, Code.Sqrtss_xmm_xmmm32, Code.VEX_Vsqrtss_xmm_xmm_xmmm32);
        PackedFloat<EachElement<SquareRoot, ulong>>.EnterUnary(
            table, Code.Sqrtpd_xmm_xmmm128, Code.VEX_Vsqrtpd_xmm_xmmm128, Code.VEX_Vsqrtpd_ymm_ymmm256);
        ScalarFloat<SquareRoot, ulong, ulong>.Enter(table, Code.Sqrtsd_xmm_xmmm64, Code.VEX_Vsqrtsd_xmm_xmm_xmmm64);
        PackedFloat<EachElement<RoundToInteger, uint>>.EnterUnary(
            table, Code.Roundps_xmm_xmmm128_imm8, Code.VEX_Vroundps_xmm_xmmm128_imm8, Code.VEX_Vroundps_ymm_ymmm256_imm8);
        ScalarFloat<RoundToInteger, uint, uint>.Enter(table, Code.Roundss_xmm_xmmm32_imm8, Code.VEX_Vroundss_xmm_xmm_xmmm32_imm8);
        PackedFloat<EachElement<RoundToInteger, ulong>>.EnterUnary(
            table, Code.Roundpd_xmm_xmmm128_imm8, Code.VEX_Vroundpd_xmm_xmmm128_imm8, Code.VEX_Vroundpd_ymm_ymmm256_imm8);
        ScalarFloat<RoundToInteger, ulong, ulong>.Enter(table, Code.Roundsd_xmm_xmmm64_imm8, Code.VEX_Vroundsd_xmm_xmm_xmmm64_imm8);
        PackedFloat<AddSubtractSingles>.EnterBinary(
            table, Code.Addsubps_xmm_xmmm128, Code.VEX_Vaddsubps_xmm_xmm_xmmm128, Code.VEX_Vaddsubps_ymm_ymm_ymmm256);
        PackedFloat<AddSubtractDoubles>.EnterBinary(
            table, Code.Addsubpd_xmm_xmmm128, Code.VEX_Vaddsubpd_xmm_xmm_xmmm128, Code.VEX_Vaddsubpd_ymm_ymm_ymmm256);
        PackedFloat<HorizontalAddSingles>.EnterBinary(
            table, Code.Haddps_xmm_xmmm128, Code.VEX_Vhaddps_xmm_xmm_xmmm128, Code.VEX_Vhaddps_ymm_ymm_ymmm256);
        PackedFloat<HorizontalAddDoubles>.EnterBinary(
            table, Code.Haddpd_xmm_xmmm128, Code.VEX_Vhaddpd_xmm_xmm_xmmm128, Code.VEX_Vhaddpd_ymm_ymm_ymmm256);
        PackedFloat<HorizontalSubtractSingles>.EnterBinary(
            table, Code.Hsubps_xmm_xmmm128, Code.VEX_Vhsubps_xmm_xmm_xmmm128, Code.VEX_Vhsubps_ymm_ymm_ymmm256);
        PackedFloat<HorizontalSubtractDoubles>.EnterBinary(
            table, Code.Hsubpd_xmm_xmmm128, Code.VEX_Vhsubpd_xmm_xmm_xmmm128, Code.VEX_Vhsubpd_ymm_ymm_ymmm256);
        PackedFloat<DotProductSingles>.EnterBinary(
            table, Code.Dpps_xmm_xmmm128_imm8, Code.VEX_Vdpps_xmm_xmm_xmmm128_imm8, Code.VEX_Vdpps_ymm_ymm_ymmm256_imm8);
        PackedFloat<DotProductDoubles>.EnterBinary(table, Code.Dppd_xmm_xmmm128_imm8, Code.VEX_Vdppd_xmm_xmm_xmmm128_imm8);
    }

    private struct Add : IScalarOperation<uint, uint>, IScalarOperation<ulong, ulong>
    {
        public static uint Apply(uint left, uint right, byte immediate, ref FloatContext context) => SoftFloat.Add32(left, right, ref context);

        public static ulong Apply(ulong left, ulong right, byte immediate, ref FloatContext context) => SoftFloat.Add64(left, right, ref context);

        public static bool TryFast(uint left, uint right, ref bool inexact, out uint result) =>
            HostArithmetic.Add(left, right, ref inexact, out result);

        public static bool TryFast(ulong left, ulong right, ref bool inexact, out ulong result) =>
            HostArithmetic.Add(left, right, ref inexact, out result);
    }

    private struct Subtract : IScalarOperation<uint, uint>, IScalarOperation<ulong, ulong>
    {
        public static uint Apply(uint left, uint right, byte immediate, ref FloatContext context) => SoftFloat.Sub32(left, right, ref context);

        public static ulong Apply(ulong left, ulong right, byte immediate, ref FloatContext context) => SoftFloat.Sub64(left, right, ref context);

        // Only numbers take the fast path, so that the other sign is the same operation.
        public static bool TryFast(uint left, uint right, ref bool inexact, out uint result) =>
            HostArithmetic.Add(left, right ^ (1U << 31), ref inexact, out result);

        public static bool TryFast(ulong left, ulong right, ref bool inexact, out ulong result) =>
            HostArithmetic.Add(left, right ^ (1UL << 63), ref inexact, out result);
    }

    private struct Multiply : IScalarOperation<uint, uint>, IScalarOperation<ulong, ulong>
    {
        public static uint Apply(uint left, uint right, byte immediate, ref FloatContext context) => SoftFloat.Mul32(left, right, ref context);

        public static ulong Apply(ulong left, ulong right, byte immediate, ref FloatContext context) => SoftFloat.Mul64(left, right, ref context);

        public static bool TryFast(uint left, uint right, ref bool inexact, out uint result) =>
            HostArithmetic.Multiply(left, right, ref inexact, out result);

        public static bool TryFast(ulong left, ulong right, ref bool inexact, out ulong result) =>
            HostArithmetic.Multiply(left, right, ref inexact, out result);
    }

    private struct Divide : IScalarOperation<uint, uint>, IScalarOperation<ulong, ulong>
    {
        public static uint Apply(uint left, uint right, byte immediate, ref FloatContext context) => SoftFloat.Div32(left, right, ref context);

        public static ulong Apply(ulong left, ulong right, byte immediate, ref FloatContext context) => SoftFloat.Div64(left, right, ref context);

        public static bool TryFast(uint left, uint right, ref bool inexact, out uint result) =>
            HostArithmetic.Divide(left, right, ref inexact, out result);

        public static bool TryFast(ulong left, ulong right, ref bool inexact, out ulong result) =>
            HostArithmetic.Divide(left, right, ref inexact, out result);
    }

    private struct SquareRoot : IScalarOperation<uint, uint>, IScalarOperation<ulong, ulong>
    {
        public static uint Apply(uint left, uint right, byte immediate, ref FloatContext context) => SoftFloat.Sqrt32(right, ref context);

        public static ulong Apply(ulong left, ulong right, byte immediate, ref FloatContext context) => SoftFloat.Sqrt64(right, ref context);

        public static bool TryFast(uint left, uint right, ref bool inexact, out uint result) =>
            HostArithmetic.SquareRoot(right, ref inexact, out result);

        public static bool TryFast(ulong left, ulong right, ref bool inexact, out ulong result) =>
            HostArithmetic.SquareRoot(right, ref inexact, out result);
    }

    private struct Minimum : IScalarOperation<uint, uint>, IScalarOperation<ulong, ulong>
    {
        public static uint Apply(uint left, uint right, byte immediate, ref FloatContext context) => SoftFloat.Min32(left, right, ref context);

        public static ulong Apply(ulong left, ulong right, byte immediate, ref FloatContext context) => SoftFloat.Min64(left, right, ref context);

        public static bool TryFast(uint left, uint right, ref bool inexact, out uint result)
        {
            result = BitConverter.UInt32BitsToSingle(left) < BitConverter.UInt32BitsToSingle(right) ? left : right;
            return HostArithmetic.IsNormalOrZero(left) && HostArithmetic.IsNormalOrZero(right);
        }

        public static bool TryFast(ulong left, ulong right, ref bool inexact, out ulong result)
        {
            result = BitConverter.UInt64BitsToDouble(left) < BitConverter.UInt64BitsToDouble(right) ? left : right;
            return HostArithmetic.IsNormalOrZero(left) && HostArithmetic.IsNormalOrZero(right);
        }
    }

    private struct Maximum : IScalarOperation<uint, uint>, IScalarOperation<ulong, ulong>
    {
        public static uint Apply(uint left, uint right, byte immediate, ref FloatContext context) => SoftFloat.Max32(left, right, ref context);

        public static ulong Apply(ulong left, ulong right, byte immediate, ref FloatContext context) => SoftFloat.Max64(left, right, ref context);

        public static bool TryFast(uint left, uint right, ref bool inexact, out uint result)
        {
            result = BitConverter.UInt32BitsToSingle(left) > BitConverter.UInt32BitsToSingle(right) ? left : right;
            return HostArithmetic.IsNormalOrZero(left) && HostArithmetic.IsNormalOrZero(right);
        }

        public static bool TryFast(ulong left, ulong right, ref bool inexact, out ulong result)
        {
            result = BitConverter.UInt64BitsToDouble(left) > BitConverter.UInt64BitsToDouble(right) ? left : right;
            return HostArithmetic.IsNormalOrZero(left) && HostArithmetic.IsNormalOrZero(right);
        }
    }

    /// <summary>Bit 2 of the immediate asks for MXCSR's rounding mode, bit 3 suppresses the inexact exception (SDM 2B ROUNDPD).</summary>
    private struct RoundToInteger : IScalarOperation<uint, uint>, IScalarOperation<ulong, ulong>
    {
        public static uint Apply(uint left, uint right, byte immediate, ref FloatContext context) =>
            SoftFloat.RoundToInteger32(right, Rounding(immediate, context), (immediate & 8) != 0, ref context);

        public static ulong Apply(ulong left, ulong right, byte immediate, ref FloatContext context) =>
            SoftFloat.RoundToInteger64(right, Rounding(immediate, context), (immediate & 8) != 0, ref context);

        private static FloatRounding Rounding(byte immediate, in FloatContext context) =>
            (immediate & 4) != 0 ? context.Rounding : (FloatRounding)(immediate & 3);
    }

    /// <summary>Differences in even elements, sums in odd ones.</summary>
    private struct AddSubtractSingles : ILaneOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate, ref FloatContext context)
        {
            var (a, b) = (left.AsUInt32(), right.AsUInt32());
            return Vector128.Create(
                SoftFloat.Sub32(a[0], b[0], ref context), SoftFloat.Add32(a[1], b[1], ref context),
                SoftFloat.Sub32(a[2], b[2], ref context), SoftFloat.Add32(a[3], b[3], ref context)).AsByte();
        }
    }

    private struct AddSubtractDoubles : ILaneOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate, ref FloatContext context)
        {
            var (a, b) = (left.AsUInt64(), right.AsUInt64());
            return Vector128.Create(SoftFloat.Sub64(a[0], b[0], ref context), SoftFloat.Add64(a[1], b[1], ref context)).AsByte();
        }
    }

    private struct HorizontalAddSingles : ILaneOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate, ref FloatContext context)
        {
            var (a, b) = (left.AsUInt32(), right.AsUInt32());
            return Vector128.Create(
                SoftFloat.Add32(a[0], a[1], ref context), SoftFloat.Add32(a[2], a[3], ref context),
                SoftFloat.Add32(b[0], b[1], ref context), SoftFloat.Add32(b[2], b[3], ref context)).AsByte();
        }
    }

    private struct HorizontalAddDoubles : ILaneOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate, ref FloatContext context)
        {
            var (a, b) = (left.AsUInt64(), right.AsUInt64());
            return Vector128.Create(SoftFloat.Add64(a[0], a[1], ref context), SoftFloat.Add64(b[0], b[1], ref context)).AsByte();
        }
    }

    private struct HorizontalSubtractSingles : ILaneOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate, ref FloatContext context)
        {
            var (a, b) = (left.AsUInt32(), right.AsUInt32());
            return Vector128.Create(
                SoftFloat.Sub32(a[0], a[1], ref context), SoftFloat.Sub32(a[2], a[3], ref context),
                SoftFloat.Sub32(b[0], b[1], ref context), SoftFloat.Sub32(b[2], b[3], ref context)).AsByte();
        }
    }

    private struct HorizontalSubtractDoubles : ILaneOperation
    {
        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate, ref FloatContext context)
        {
            var (a, b) = (left.AsUInt64(), right.AsUInt64());
            return Vector128.Create(SoftFloat.Sub64(a[0], a[1], ref context), SoftFloat.Sub64(b[0], b[1], ref context)).AsByte();
        }
    }

    /// <summary>
    /// Products and sums are rounded one by one: pairs first (SDM 2A DPPS). An unmasked exception ends it between two steps.
    /// </summary>
    private struct DotProductSingles : ILaneOperation
    {
        public static int LaterSteps => 2;

        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate, ref FloatContext context)
        {
            var (a, b) = (left.AsUInt32(), right.AsUInt32());
            var products = Vector128<uint>.Zero;
            for (var i = 0; i < 4; i++)
            {
                if ((immediate >> (4 + i) & 1) != 0)
                    products = products.WithElement(i, SoftFloat.Mul32(a[i], b[i], ref context));
            }
            return products.AsByte();
        }

        public static Vector128<byte> ApplyLater(int step, Vector128<byte> lane, byte immediate, ref FloatContext context)
        {
            var terms = lane.AsUInt32();
            var sum = SoftFloat.Add32(terms[0], terms[1], ref context);
            if (step == 1)
                return Vector128.Create(sum, SoftFloat.Add32(terms[2], terms[3], ref context), 0, 0).AsByte();
            var result = Vector128<uint>.Zero;
            for (var i = 0; i < 4; i++)
            {
                if ((immediate >> i & 1) != 0)
                    result = result.WithElement(i, sum);
            }
            return result.AsByte();
        }
    }

    private struct DotProductDoubles : ILaneOperation
    {
        public static int LaterSteps => 1;

        public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate, ref FloatContext context)
        {
            var (a, b) = (left.AsUInt64(), right.AsUInt64());
            var low = (immediate & 0x10) != 0 ? SoftFloat.Mul64(a[0], b[0], ref context) : 0;
            var high = (immediate & 0x20) != 0 ? SoftFloat.Mul64(a[1], b[1], ref context) : 0;
            return Vector128.Create(low, high).AsByte();
        }

        public static Vector128<byte> ApplyLater(int step, Vector128<byte> lane, byte immediate, ref FloatContext context)
        {
            var products = lane.AsUInt64();
            var sum = SoftFloat.Add64(products[0], products[1], ref context);
            return Vector128.Create((immediate & 1) != 0 ? sum : 0, (immediate & 2) != 0 ? sum : 0).AsByte();
        }
    }
}
