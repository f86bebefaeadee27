using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Chained;

/// <summary>
/// How one operation leads to the next without returning to the loop: as its handler's last act, which compiles to a jump.
/// </summary>
/// <remarks>
/// A compiler that makes it a call costs stack for one block's operations at most. It is a jump only from methods that do not
/// hand out addresses of their locals; so chained handlers have no slow paths of their own, but leave what is not simple to
/// the plain handler.
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
        // SAFETY: whose registers they are carries them out, and so is alive.
        var cpu = Unsafe.As<Vcpu>(GCHandle.FromIntPtr(file->Owner).Target!);
        var status = op->Execute(cpu, op);
        if (status == Status.Next)
            return op[1].Run(op + 1, file);
        file->Last = op;
        return status;
    }
}
