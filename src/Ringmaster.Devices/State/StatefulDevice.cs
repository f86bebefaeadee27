using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Ringmaster.Devices.State;

/// <summary>
/// A device whose state is one immutable record. The record's positional constructor makes it impossible to forget a field
/// in <see cref="Capture"/>; <see cref="Apply"/> receives it back and must bring every value into its legal range, since a
/// state may come from a hostile file.
/// </summary>
/// <typeparam name="TState">The state record.</typeparam>
public abstract class StatefulDevice<TState> : IDevice where TState : class
{
    /// <summary>Creates the device.</summary>
    /// <param name="name">See <see cref="IDevice.Name"/>.</param>
    protected StatefulDevice(string name) => Name = name;

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Kind => StateKind;

    /// <summary>See <see cref="SavedState.Kind"/>.</summary>
    protected abstract string StateKind { get; }

    /// <summary>See <see cref="SavedState.Version"/>. Raise it when the record's meaning changes.</summary>
    protected virtual int StateVersion => 1;

    /// <summary>How the record is written and read; from a source-generated serializer context.</summary>
    protected abstract JsonTypeInfo<TState> StateType { get; }

    /// <inheritdoc/>
    public abstract void Reset();

    /// <summary>Takes the state.</summary>
    protected abstract TState Capture();

    /// <summary>Takes on a state, masking what is out of range, and drives lines and timers accordingly.</summary>
    /// <exception cref="SavedStateException">The state has a wrong shape (an array of the wrong length). Nothing has changed.</exception>
    protected abstract void Apply(TState state);

    /// <inheritdoc/>
    public SavedState Save() => new(StateKind, StateVersion, JsonSerializer.SerializeToElement(Capture(), StateType));

    /// <inheritdoc/>
    public void Restore(SavedState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Kind != StateKind)
            throw new SavedStateException($"{Name}: the saved state is of a {state.Kind}, not of a {StateKind}.");
        if (state.Version < 1 || state.Version > StateVersion)
            throw new SavedStateException(
                $"{Name}: the saved state has version {state.Version}; this program reads 1 to {StateVersion}.");
        Apply(SavedState.Read(state.Data, StateType, Name));
    }
}
