namespace Ringmaster.Devices.State;

/// <summary>A device that declares to have no state: nothing that it does depends on what happened before.</summary>
public abstract class StatelessDevice : IDevice
{
    /// <summary>Creates the device.</summary>
    /// <param name="name">See <see cref="IDevice.Name"/>.</param>
    protected StatelessDevice(string name) => Name = name;

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Kind => StateKind;

    /// <summary>See <see cref="SavedState.Kind"/>.</summary>
    protected abstract string StateKind { get; }

    /// <inheritdoc/>
    public void Reset()
    {
    }

    /// <inheritdoc/>
    public SavedState Save() => new(StateKind, 1, null);

    /// <inheritdoc/>
    public void Restore(SavedState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Kind != StateKind || state.Version != 1 || state.Data is not null)
            throw new SavedStateException($"{Name}: the saved state is not that of a {StateKind}.");
    }
}
