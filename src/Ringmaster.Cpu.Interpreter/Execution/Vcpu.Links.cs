using Ringmaster.Cpu.Interpreter.Decoding;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Blocks whose successor is known and lies in the same page are linked with it and need no look-up.</summary>
internal unsafe partial class Vcpu
{
    // Where the compiler makes no jumps of last calls, each operation executed takes some of the stack until the loop has its turn.
    private const int MostLinks = 16;

    /// <summary>Lets a branch lead straight to its successor, if that can only change with the code of this page itself.</summary>
    /// <param name="first">The block that was entered by the loop; that of the operation is often the same.</param>
    /// <param name="last">The operation that ended its block.</param>
    /// <param name="status">How it ended it.</param>
    /// <param name="next">The block at RIP, of the same epoch.</param>
    private void Link(Block* first, Op* last, Status status, Block* next)
    {
        // Another page's translation may change without this page's blocks hearing of it.
        if (((Rip ^ R[17]) & ~0xFFFUL) != 0 || !DirectBranches.Contains(last->Code) || last->Is(OpFlags.Dropped) || !next->IsValid)
            return;
        ref var link = ref status == Status.Branch ? ref last->Taken : ref last->NotTaken;
        if (link == next->Ops)
            return;
        var block = last >= first->Ops && last < first->Ops + first->Count ? first : _blocks.BlockOf(last);
        var page = block->Address >> 12;
        if (block->LastPage == page && next->Address >> 12 == page && next->LastPage == page)
            link = next->Ops;
    }
}
