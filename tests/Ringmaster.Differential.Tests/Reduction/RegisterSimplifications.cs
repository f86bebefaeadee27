using Ringmaster.Differential.Tests.Native;

namespace Ringmaster.Differential.Tests.Reduction;

/// <summary>Steps towards a plain initial state.</summary>
internal static class RegisterSimplifications
{
    /// <summary>Changes the registers in place.</summary>
    internal delegate void Simplification(ref RegisterFrame frame);

    /// <summary>All steps, the bold ones first.</summary>
    public static IReadOnlyList<Simplification> All { get; } = Create();

    private static List<Simplification> Create()
    {
        var steps = new List<Simplification>
        {
            (ref f) => f.YmmHigh = default,
            (ref f) => f.Fx.Xmm = default,
            (ref f) => f.Fx.Stack = default,
            (ref f) => f.Fx.TagWord = 0,
            (ref f) => f.Fx.StatusWord = 0,
            (ref f) => f.Fx.StatusWord &= 0x3800,
            (ref f) => f.Fx.ControlWord = 0x37F,
            (ref f) => f.Fx.Mxcsr = 0x1F80,
            (ref f) => f.Rflags = 0x202,
        };
        for (var i = 0; i < 16; i++)
        {
            var index = i;
            steps.Add((ref f) => f.General[index] = 0);
            steps.Add((ref f) => (f.Fx.Xmm[2 * index], f.Fx.Xmm[2 * index + 1]) = (0, 0));
            steps.Add((ref f) => (f.YmmHigh[2 * index], f.YmmHigh[2 * index + 1]) = (0, 0));
        }
        for (var i = 0; i < 8; i++)
        {
            var index = i;
            steps.Add((ref f) => f.Fx.Stack[index] = default);
            steps.Add((ref f) => f.Fx.TagWord &= (byte)~(1 << index));
        }
        foreach (var bit in (int[])[0, 2, 4, 6, 7, 8, 10, 11, 18])
        {
            var index = bit;
            steps.Add((ref f) => f.Rflags &= ~(1UL << index));
        }
        return steps;
    }
}
