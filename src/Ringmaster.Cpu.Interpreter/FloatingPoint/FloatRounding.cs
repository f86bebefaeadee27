namespace Ringmaster.Cpu.Interpreter.FloatingPoint;

/// <summary>Rounding modes, with the encoding of FCW.RC and MXCSR.RC (SDM 1 4.8.4).</summary>
internal enum FloatRounding : byte
{
    /// <summary>To the nearest value; ties to the even one.</summary>
    Nearest = 0,

    /// <summary>Toward minus infinity.</summary>
    Down = 1,

    /// <summary>Toward plus infinity.</summary>
    Up = 2,

    /// <summary>Toward zero.</summary>
    Zero = 3,
}
