using Ringmaster.Devices.State;

namespace Ringmaster.Devices.Storage.Ahci;

/// <summary>The saved state.</summary>
internal sealed partial class AhciPort
{
    /// <summary>Takes the state.</summary>
    public AhciPortState Capture() => new(
        _list, _frames, (uint)_interrupts, (uint)_enabled, _command, _taskFile, _signature, _linkControl, _linkErrors, _active, _issued, _slot,
        _isHalted, _isInSoftReset, _owesSignature, _current, _device?.Capture(), _jobs?.Capture() ?? []);

    /// <summary>Looks whether a state is this port's.</summary>
    /// <returns>The jobs, to be started by <see cref="Apply"/>.</returns>
    /// <exception cref="SavedStateException">It is not.</exception>
    public IReadOnlyList<BlockJob> Check(AhciPortState state, string name)
    {
        if (state.Device is null != _device is null)
            throw new SavedStateException($"{name}: the saved state does not have devices on the same ports.");
        if (state.Device is { } device)
            _device!.Check(name, device);
        if (state.Jobs.Length != 0 && _device?.Backend is null)
            throw new SavedStateException($"{name}: the saved state has a request in flight, but there is no medium.");
        return _jobs?.Check(state.Jobs, Slots, name) ?? [];
    }

    /// <summary>Takes on a state that has been checked, masking what is out of range.</summary>
    public void Apply(AhciPortState state, IReadOnlyList<BlockJob> jobs)
    {
        StopCommands();
        (_list, _frames) = (state.List & ~0x3FFul, state.Frames & ~0xFFul);
        _interrupts = (AhciInterrupts)state.Interrupts & AhciInterrupts.Latched;
        _enabled = (AhciInterrupts)state.Enabled & (AhciInterrupts.Latched | AhciInterrupts.PortConnect | AhciInterrupts.PhyReady);
        (_command, _linkControl, _linkErrors) = (state.Command & Settable, state.LinkControl & 0xFFF, state.LinkErrors);
        (_taskFile, _signature) = (state.TaskFile & 0xFFFF, state.Signature);
        (_active, _issued, _slot) = (state.Active, state.Issued, state.Slot & (Slots - 1));
        (_isHalted, _isInSoftReset, _owesSignature) = (state.IsHalted, state.IsInSoftReset, state.OwesSignature);
        _current = state.Current;
        if (state.Device is { } device)
            _device?.Apply(device);
        foreach (var job in jobs)
            _jobs?.TryStart(job);
        // A port that is busy with nothing would stay so.
        _isBusy = jobs.Any(job => !AhciTag.From(job.Tag).IsQueued);
    }
}
