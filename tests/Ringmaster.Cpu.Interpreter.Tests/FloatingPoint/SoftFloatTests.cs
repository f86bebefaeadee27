using Ringmaster.Cpu.Interpreter.FloatingPoint;
using Ringmaster.Cpu.Interpreter.Tests.HarnessX87;

namespace Ringmaster.Cpu.Interpreter.Tests.FloatingPoint;

/// <summary>The core's single- and double-precision operations against the host's scalar SSE and FMA instructions.</summary>
public sealed class SoftFloatTests
{
    private const int Operands = 30000;

    internal delegate ulong Operation(ulong a, ulong b, ulong c, ref FloatContext context);

    public static TheoryData<string> Names => [.. s_operations.Keys];

    // XMM1 is the destination and first operand, XMM2 the second, XMM3 the addend.
    private static readonly Dictionary<string, (string Bytes, bool Single, Operation Core)> s_operations = new()
    {
        ["ADDSS"] = ("F30F58CA", true, static (ulong a, ulong b, ulong c, ref FloatContext x) => SoftFloat.Add32((uint)a, (uint)b, ref x)),
        ["SUBSS"] = ("F30F5CCA", true, static (ulong a, ulong b, ulong c, ref FloatContext x) => SoftFloat.Sub32((uint)a, (uint)b, ref x)),
        ["MULSS"] = ("F30F59CA", true, static (ulong a, ulong b, ulong c, ref FloatContext x) => SoftFloat.Mul32((uint)a, (uint)b, ref x)),
        ["DIVSS"] = ("F30F5ECA", true, static (ulong a, ulong b, ulong c, ref FloatContext x) => SoftFloat.Div32((uint)a, (uint)b, ref x)),
        ["SQRTSS"] = ("F30F51CA", true, static (ulong a, ulong b, ulong c, ref FloatContext x) => SoftFloat.Sqrt32((uint)b, ref x)),
        ["MINSS"] = ("F30F5DCA", true, static (ulong a, ulong b, ulong c, ref FloatContext x) => SoftFloat.Min32((uint)a, (uint)b, ref x)),
        ["MAXSS"] = ("F30F5FCA", true, static (ulong a, ulong b, ulong c, ref FloatContext x) => SoftFloat.Max32((uint)a, (uint)b, ref x)),
        ["VFMADD231SS"] = ("C4E269B9CB", true, static (ulong a, ulong b, ulong c, ref FloatContext x) => SoftFloat.Fma32((uint)b, (uint)c, (uint)a, false, false, ref x)),
        ["VFNMSUB231SS"] = ("C4E269BFCB", true, static (ulong a, ulong b, ulong c, ref FloatContext x) => SoftFloat.Fma32((uint)b, (uint)c, (uint)a, true, true, ref x)),
        ["ROUNDSS"] = ("660F3A0ACA04", true, static (ulong a, ulong b, ulong c, ref FloatContext x) => SoftFloat.RoundToInteger32((uint)b, x.Rounding, false, ref x)),
        ["ADDSD"] = ("F20F58CA", false, static (ulong a, ulong b, ulong c, ref FloatContext x) => SoftFloat.Add64(a, b, ref x)),
        ["SUBSD"] = ("F20F5CCA", false, static (ulong a, ulong b, ulong c, ref FloatContext x) => SoftFloat.Sub64(a, b, ref x)),
        ["MULSD"] = ("F20F59CA", false, static (ulong a, ulong b, ulong c, ref FloatContext x) => SoftFloat.Mul64(a, b, ref x)),
        ["DIVSD"] = ("F20F5ECA", false, static (ulong a, ulong b, ulong c, ref FloatContext x) => SoftFloat.Div64(a, b, ref x)),
        ["SQRTSD"] = ("F20F51CA", false, static (ulong a, ulong b, ulong c, ref FloatContext x) => SoftFloat.Sqrt64(b, ref x)),
        ["MINSD"] = ("F20F5DCA", false, static (ulong a, ulong b, ulong c, ref FloatContext x) => SoftFloat.Min64(a, b, ref x)),
        ["VFMADD231SD"] = ("C4E2E9B9CB", false, static (ulong a, ulong b, ulong c, ref FloatContext x) => SoftFloat.Fma64(b, c, a, false, false, ref x)),
        ["VFMSUB231SD"] = ("C4E2E9BBCB", false, static (ulong a, ulong b, ulong c, ref FloatContext x) => SoftFloat.Fma64(b, c, a, false, true, ref x)),
        ["ROUNDSD"] = ("660F3A0BCA04", false, static (ulong a, ulong b, ulong c, ref FloatContext x) => SoftFloat.RoundToInteger64(b, x.Rounding, false, ref x)),
        ["CVTSS2SD"] = ("F30F5ACA", false, static (ulong a, ulong b, ulong c, ref FloatContext x) => SoftFloat.Convert32To64((uint)b, ref x)),
        ["CVTSD2SS"] = ("F20F5ACA", true, static (ulong a, ulong b, ulong c, ref FloatContext x) => SoftFloat.Convert64To32(b, ref x)),
        ["VCVTPS2PH"] = ("C4E3791DD104", true, static (ulong a, ulong b, ulong c, ref FloatContext x) =>
            SoftFloat.Convert32To16((uint)b, x.Rounding, ref x) | (uint)SoftFloat.Convert32To16((uint)(b >> 32), x.Rounding, ref x) << 16),
        ["VCVTPH2PS"] = ("C4E27913CA", false, static (ulong a, ulong b, ulong c, ref FloatContext x) =>
            SoftFloat.Convert16To32((ushort)b, ref x) | (ulong)SoftFloat.Convert16To32((ushort)(b >> 16), ref x) << 32),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Operation_equals_the_host(string name)
    {
        var (bytes, single, core) = s_operations[name];
        using var native = new NativeFloat(Convert.FromHexString(bytes));
        var samples = new FloatSamples(name.Length);
        for (var i = 0; i < Operands; i++)
        {
            // Any rounding mode, with and without FTZ and DAZ; exceptions masked, flags clear.
            var mxcsr = 0x1F80u | (uint)samples.Next(8) << 13 | (uint)samples.Next(2) << 6;
            var (a, b, c) = (samples.Memory(), samples.Memory(), samples.Memory());
            // VCVTPS2PH packs two elements; the others have nothing in theirs.
            var input = new FloatCase { ControlWord = 0x37F, Mxcsr = mxcsr };
            (input.Xmm(1)[0], input.Xmm(2)[0], input.Xmm(3)[0]) = (a, b, c);
            if (name == "VCVTPH2PS")
                input.Xmm(2)[0] = b &= uint.MaxValue;
            var context = FloatContext.FromMxcsr(mxcsr);

            var expected = native.Run(input);
            var actual = core(a, b, c, ref context);

            var result = expected.Xmm(1)[0];
            Assert.True((single ? (uint)result == (uint)actual : result == actual) && (expected.Mxcsr & 0x3F) == (uint)context.Reported,
                $"{name} {a:X16} {b:X16} {c:X16} MXCSR {mxcsr:X}: host {result:X} {expected.Mxcsr & 0x3F:X}, core {actual:X} {(uint)context.Reported:X}");
        }
    }
}
