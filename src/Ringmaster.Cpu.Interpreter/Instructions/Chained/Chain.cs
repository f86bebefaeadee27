using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Chained;

/// <summary>
/// How one operation leads to the next without returning to the loop: as its handler's last act, which compiles to a jump.
/// </summary>
/// <remarks>
/// Where a compiler makes it a call, stack is taken until the loop has its turn, after a few blocks. It is a jump only from
/// methods that do not hand out addresses of their locals; so chained handlers have no slow paths of their own, but leave what
/// is not simple to the plain handler.
/// </remarks>
internal static unsafe class Chain
{
    /// <summary>Goes on with the next operation of the block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Status Next(Op* op, CpuFile* file) => op[1].Run(op + 1, file);

    /// <summary>Carries an operation out by its plain handler, then goes on.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Status Plain(Op* op, CpuFile* file)
    {
        var status = op->Execute(OwnerOf(file), op);
        if (status == Status.Next)
            return op[1].Run(op + 1, file);
        file->Last = op;
        return status;
    }

    // Apart, for it takes the address of a local.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vcpu OwnerOf(CpuFile* file) =>
        // SAFETY: the handle is for the vCPU that is executing this, and so alive.
        Unsafe.As<Vcpu>(GCHandle.FromIntPtr(file->Owner).Target!);
}
