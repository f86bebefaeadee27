namespace Ringmaster.Devices.Chipset.InterruptController;

/// <content>Lending, as with APICs: who has the local APICs may have the pair, too, and then sees to its interrupts.</content>
public sealed partial class PicPair
{
    private Action<int, bool>? _borrower;

    /// <summary>Whether the state is elsewhere. Then this object knows the levels of its inputs and nothing else, and asks for no interrupt.</summary>
    public bool IsLent => _borrower is not null;

    /// <summary>Gives the state away.</summary>
    /// <param name="borrower">Told of each input that changes from now on.</param>
    public PicPairState Lend(Action<int, bool> borrower)
    {
        ArgumentNullException.ThrowIfNull(borrower);
        var state = Capture();
        _borrower = borrower;
        _output.Set(false);
        return state;
    }

    /// <summary>Takes the state back. The levels of inputs, and whether there is a second chip, are as they are known here.</summary>
    public void TakeBack(PicPairState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _borrower = null;
        var here = Capture();
        Apply(new PicPairState(
            state.Master with { Lines = here.Master.Lines, Single = here.Master.Single },
            state.Slave with { Lines = here.Slave.Lines, Single = here.Slave.Single }));
    }
}
