using System.Collections.Immutable;

namespace Ringmaster.Devices.Apic;

/// <summary>A local APIC's state between its saved form and its register page (SDM 3A table 11-1), as kernels and engines have it.</summary>
/// <remarks>
/// The page holds a timer by initial and current count. A current count of zero means a count that has just run out, and an interrupt that
/// is due: from the page, one can not tell whether it has been delivered, and one too many does less harm than one too few. A
/// one-shot count that has run out here has been delivered; it becomes no count at all, initial count zero.
/// What the page has no place for stays as it was: pins, errors that ESR does not show yet, ExtINT messages.
/// </remarks>
internal static class LocalApicForm
{
    private const int PageLength = 64;

    private static readonly ApicRegister[] s_lvt =
    [
        ApicRegister.LvtCorrectedMachineCheck, ApicRegister.LvtTimer, ApicRegister.LvtThermal, ApicRegister.LvtPerformance,
        ApicRegister.LvtLint0, ApicRegister.LvtLint1, ApicRegister.LvtError,
    ];

    private const int TimerEntry = 1, Lint0Entry = 4;

    /// <summary>Fills the page.</summary>
    /// <param name="state">The state.</param>
    /// <param name="apicId">The x2APIC ID.</param>
    /// <param name="now">The VM clock's time.</param>
    /// <param name="page">64 registers.</param>
    public static void Write(LocalApicState state, uint apicId, long now, Span<uint> page)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(page.Length, PageLength, nameof(page));
        page.Clear();
        page[(int)ApicRegister.Id] = new ApicBaseRegister(state.ApicBase).IsX2Apic ? apicId : (uint)state.Id << 24;
        page[(int)ApicRegister.TaskPriority] = state.TaskPriority;
        page[(int)ApicRegister.LogicalDestination] = state.LogicalDestination;
        page[(int)ApicRegister.DestinationFormat] = state.DestinationFormat;
        page[(int)ApicRegister.SpuriousVector] = state.SpuriousVector;
        state.InService.CopyTo(page[(int)ApicRegister.InService0..]);
        state.TriggerMode.CopyTo(page[(int)ApicRegister.TriggerMode0..]);
        state.Requests.CopyTo(page[(int)ApicRegister.Request0..]);
        page[(int)ApicRegister.ErrorStatus] = state.ErrorStatus;
        page[(int)ApicRegister.CommandLow] = (uint)state.Command;
        page[(int)ApicRegister.CommandHigh] = (uint)(state.Command >> 32);
        for (var i = 0; i < s_lvt.Length; i++)
            page[(int)s_lvt[i]] = state.Lvt[i];
        if (state.Lint0RemoteIrr)
            page[(int)ApicRegister.LvtLint0] |= LvtEntry.RemoteIrrBit;
        page[(int)ApicRegister.DivideConfiguration] = state.Timer.DivideConfiguration;
        if (!state.Timer.IsRunning)
            return;
        page[(int)ApicRegister.InitialCount] = state.Timer.InitialCount;
        page[(int)ApicRegister.CurrentCount] = ApicTimer.CountAfter(
            Math.Max(0, now - state.Timer.Start), state.Timer.InitialCount, state.Timer.DivideConfiguration, new LvtEntry(state.Lvt[TimerEntry]).TimerMode);
    }

    /// <summary>Takes the state from a page.</summary>
    /// <param name="page">64 registers.</param>
    /// <param name="apicBase">IA32_APIC_BASE.</param>
    /// <param name="tscDeadline">IA32_TSC_DEADLINE.</param>
    /// <param name="before">The state that has what the page has no place for.</param>
    /// <param name="apicId">The x2APIC ID.</param>
    /// <param name="now">The VM clock's time.</param>
    public static LocalApicState Read(
        ReadOnlySpan<uint> page, ulong apicBase, ulong tscDeadline, LocalApicState before, uint apicId, long now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(page.Length, PageLength, nameof(page));
        var isX2Apic = new ApicBaseRegister(apicBase).IsX2Apic;
        var lvt = ImmutableArray.CreateBuilder<uint>(s_lvt.Length);
        foreach (var register in s_lvt)
            lvt.Add(page[(int)register]);
        return before with
        {
            ApicBase = apicBase,
            // In x2APIC mode both are derived from the ID, and are lost with that mode.
            Id = isX2Apic ? (byte)apicId : (byte)(page[(int)ApicRegister.Id] >> 24),
            LogicalDestination = isX2Apic ? 0 : page[(int)ApicRegister.LogicalDestination],
            TaskPriority = (byte)page[(int)ApicRegister.TaskPriority],
            DestinationFormat = page[(int)ApicRegister.DestinationFormat],
            SpuriousVector = page[(int)ApicRegister.SpuriousVector],
            InService = [.. page.Slice((int)ApicRegister.InService0, VectorSet.Words)],
            TriggerMode = [.. page.Slice((int)ApicRegister.TriggerMode0, VectorSet.Words)],
            Requests = [.. page.Slice((int)ApicRegister.Request0, VectorSet.Words)],
            ErrorStatus = page[(int)ApicRegister.ErrorStatus],
            Command = page[(int)ApicRegister.CommandLow] | (ulong)page[(int)ApicRegister.CommandHigh] << 32,
            Lvt = lvt.MoveToImmutable(),
            Lint0RemoteIrr = (page[(int)ApicRegister.LvtLint0] & LvtEntry.RemoteIrrBit) != 0,
            Signalled = false,
            Timer = ReadTimer(page, tscDeadline, now),
        };
    }

    private static ApicTimerState ReadTimer(ReadOnlySpan<uint> page, ulong tscDeadline, long now)
    {
        var (initial, current) = (page[(int)ApicRegister.InitialCount], page[(int)ApicRegister.CurrentCount]);
        var configuration = page[(int)ApicRegister.DivideConfiguration] & 0xB;
        var mode = new LvtEntry(page[(int)ApicRegister.LvtTimer]).TimerMode;
        // A periodic count starts again at once.
        if (current == 0 && mode == ApicTimerMode.Periodic)
            current = initial;
        var elapsed = (initial - Math.Min(current, initial)) * (long)ApicTimer.DivisorOf(configuration);
        return new ApicTimerState(initial, configuration, initial != 0, initial == 0 ? 0 : now - elapsed, tscDeadline, Alarm: null);
    }
}
