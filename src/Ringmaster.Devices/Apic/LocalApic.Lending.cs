namespace Ringmaster.Devices.Apic;

/// <content>
/// Lending: who runs the processor has the APIC meanwhile, because it is faster there (a kernel, an engine). The state changes hands while no
/// processor runs, in the form of the register page; <see cref="LocalApicForm"/> says how.
/// </content>
public sealed partial class LocalApic
{
    /// <summary>
    /// Whether the APIC's state is elsewhere. Then this object knows of no message and register any more; the levels of its pins are kept,
    /// and an 8259 at LINT0 is still announced and acknowledged here.
    /// </summary>
    public bool IsLent { get; private set; }

    /// <summary>Gives the state away.</summary>
    /// <param name="page">The 64 registers of the page, to be filled.</param>
    /// <returns>IA32_APIC_BASE and IA32_TSC_DEADLINE.</returns>
    public (ulong Base, ulong TscDeadline) Lend(Span<uint> page)
    {
        _timer.Lend();
        var state = Capture();
        IsLent = true;
        LocalApicForm.Write(state, ApicId, _wiring.Clock.Now, page);
        return (state.ApicBase, state.Timer.TscDeadline);
    }

    /// <summary>Takes the state back.</summary>
    /// <param name="page">The 64 registers of the page.</param>
    /// <param name="apicBase">IA32_APIC_BASE.</param>
    /// <param name="tscDeadline">IA32_TSC_DEADLINE; 0 while not armed.</param>
    public void TakeBack(ReadOnlySpan<uint> page, ulong apicBase, ulong tscDeadline)
    {
        IsLent = false;
        Apply(LocalApicForm.Read(page, apicBase, tscDeadline, Capture(), ApicId, _wiring.Clock.Now));
    }

    /// <summary>Whether an interrupt waits or is in service.</summary>
    internal bool Holds(byte vector) => _requests.Contains(vector) || _inService.Contains(vector);
}
