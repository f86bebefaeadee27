namespace Ringmaster.Cpu.Interpreter.FloatingPoint;

/// <summary>Conversions between the formats of SSE and AVX.</summary>
internal static partial class SoftFloat
{
    /// <summary>CVTSS2SD.</summary>
    public static ulong Convert32To64(uint value, ref FloatContext context) =>
        Round64(Converted(Open32(value, context), ref context), ref context);

    /// <summary>CVTSD2SS.</summary>
    public static uint Convert64To32(ulong value, ref FloatContext context) =>
        Round32(Converted(Open64(value, context), ref context), ref context);

    /// <summary>VCVTPH2PS: DAZ is ignored and denormals raise nothing (SDM 2C VCVTPH2PS).</summary>
    public static uint Convert16To32(ushort value, ref FloatContext context) =>
        Round32(Converted(Unpack16(value), ref context), ref context);

    /// <summary>VCVTPS2PH: FTZ is ignored (SDM 2C VCVTPS2PH).</summary>
    /// <param name="value">The value.</param>
    /// <param name="rounding">From the immediate or from MXCSR.</param>
    /// <param name="context">The context.</param>
    public static ushort Convert32To16(uint value, FloatRounding rounding, ref FloatContext context)
    {
        var own = context;
        own.FlushToZero = false;
        own.Rounding = rounding;
        var result = Pack16(Rounder.Round(Converted(Open32(value, own), ref own), FloatFormat.Binary16, ref own));
        context.Raise(own.Raised);
        return result;
    }

    /// <summary>A value on its way to another format: NaNs are made quiet, denormals reported.</summary>
    public static Unpacked Converted(in Unpacked value, ref FloatContext context)
    {
        if (value.IsNanOrUnsupported)
            return PropagateNan(value, ref context);
        if (value.IsDenormal)
            context.Raise(FloatExceptions.Denormal);
        return value;
    }
}
