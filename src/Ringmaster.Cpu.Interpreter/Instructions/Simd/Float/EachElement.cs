using System.Runtime.Intrinsics;
using Ringmaster.Cpu.Interpreter.FloatingPoint;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Float;

/// <summary>An element's operation, done to all elements of a lane.</summary>
internal struct EachElement<TOperation, T> : ILaneOperation
    where TOperation : struct, IScalarOperation<T, T>
    where T : unmanaged
{
    public static Vector128<byte> Apply(Vector128<byte> left, Vector128<byte> right, byte immediate, ref FloatContext context)
    {
        var result = Vector128<T>.Zero;
        for (var i = 0; i < Vector128<T>.Count; i++)
        {
            var (first, second) = (left.As<byte, T>().GetElement(i), right.As<byte, T>().GetElement(i));
            if (context.IsDefault)
            {
                var inexact = (context.Raised & FloatExceptions.Inexact) != 0;
                if (TOperation.TryFast(first, second, ref inexact, out var fast))
                {
                    if (inexact)
                        context.Raise(FloatExceptions.Inexact);
                    result = result.WithElement(i, fast);
                    continue;
                }
            }
            result = result.WithElement(i, TOperation.Apply(first, second, immediate, ref context));
        }
        return result.AsByte();
    }
}
