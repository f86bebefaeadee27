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
        if (!StaysInPage(last, next))
            return;
        ref var link = ref status == Status.Branch ? ref last->Taken : ref last->NotTaken;
        if (link == next->Ops)
            return;
        var block = last >= first->Ops && last < first->Ops + first->Count ? first : _blocks.BlockOf(last);
        if (AreInOnePage(block, next))
            link = next->Ops;
    }

    /// <summary>The block behind one that has been executed alone, if they are linked; null if it must be looked up.</summary>
    /// <param name="block">The block.</param>
    /// <param name="status">How it has ended.</param>
    internal Block* FindLinked(Block* block, Status status)
    {
        var next = status == Status.Branch ? block->Taken : block->NotTaken;
        return _followsLinks && next != null && block->IsValid && next->IsValid && HasEnded(block) ? next : null;
    }

    /// <summary>The block at RIP, behind one that has been executed alone; both are linked if they can be. Null with a fault pending.</summary>
    /// <param name="block">The block that has been executed.</param>
    /// <param name="status">How it has ended.</param>
    internal Block* FindBehind(Block* block, Status status)
    {
        var epoch = _blocks.Epoch;
        var last = _file->Last;
        var hasEnded = HasEnded(block);
        var next = FindBlock(single: false);
        if (next != null && _followsLinks && epoch == _blocks.Epoch && hasEnded && StaysInPage(last, next) && AreInOnePage(block, next))
            (status == Status.Branch ? ref block->Taken : ref block->NotTaken) = next;
        return next;
    }

    /// <summary>
    /// Whether a block has been left by its last instruction or the end operation behind it. One before may also leave, for itself: a
    /// string instruction that has not repeated itself often enough yet.
    /// </summary>
    private bool HasEnded(Block* block) => _file->Last >= block->Ops + (block->Count - 2);

    /// <summary>Whether a direct branch has led from the page that RIP was in to the same one.</summary>
    private bool StaysInPage(Op* last, Block* next) =>
        // Another page's translation may change without this page's blocks hearing of it.
        ((Rip ^ R[17]) & ~0xFFFUL) == 0 && DirectBranches.Contains(last->Code) && !last->Is(OpFlags.Dropped) && next->IsValid;

    private static bool AreInOnePage(Block* block, Block* next)
    {
        var page = block->Address >> 12;
        return block->LastPage == page && next->Address >> 12 == page && next->LastPage == page;
    }
}
