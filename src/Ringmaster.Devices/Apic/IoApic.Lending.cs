namespace Ringmaster.Devices.Apic;

/// <content>Lending, as with the local APICs: who has those may have this, too.</content>
public sealed partial class IoApic
{
    private Action<int, bool>? _borrower;

    /// <summary>Whether the state is elsewhere. Then this object knows the levels of its inputs and nothing else.</summary>
    public bool IsLent => _borrower is not null;

    /// <summary>Gives the state away.</summary>
    /// <param name="borrower">Told of each input that changes from now on.</param>
    public IoApicState Lend(Action<int, bool> borrower)
    {
        ArgumentNullException.ThrowIfNull(borrower);
        var state = Capture();
        _borrower = borrower;
        return state;
    }

    /// <summary>Takes the state back. The levels of inputs are what they have become here.</summary>
    public void TakeBack(IoApicState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _borrower = null;
        Apply(state with { Inputs = Capture().Inputs });
    }
}
