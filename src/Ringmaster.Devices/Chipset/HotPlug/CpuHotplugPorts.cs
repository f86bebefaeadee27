using System.Text.Json.Serialization.Metadata;
using Ringmaster.Devices.Bus;
using Ringmaster.Devices.State;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Chipset.HotPlug;

/// <summary>
/// The registers by which ACPI code and firmware learn which processors there are, and that one has come (QEMU,
/// docs/specs/acpi_cpu_hotplug, the interface of the ICH9). Processors do not leave.
/// </summary>
public sealed class CpuHotplugPorts : StatefulDevice<CpuHotplugState>, IPortDevice
{
    /// <summary>The general-purpose event that tells of new processors.</summary>
    public const int Event = 2;

    private const int Count = 12, SelectorOffset = 0, FlagsOffset = 4, CommandOffset = 5, DataOffset = 8;
    private const byte Enabled = 1, IsNew = 2;

    private readonly Action _notify;
    private readonly uint[] _ids;
    private readonly bool[] _isNew;
    private readonly IoPort _first;
    private int _present;
    private uint _selector;
    private Command _command;

    /// <summary>Creates the registers.</summary>
    /// <param name="first">The first port.</param>
    /// <param name="apicIds">The APIC IDs of all processors that there can be.</param>
    /// <param name="present">How many of them there are, from the first on.</param>
    /// <param name="notify">Raises the general-purpose event.</param>
    /// <param name="name">See <see cref="IDevice.Name"/>.</param>
    public CpuHotplugPorts(IoPort first, IReadOnlyList<uint> apicIds, int present, Action notify, string name = "cpuhotplug") : base(name)
    {
        ArgumentNullException.ThrowIfNull(apicIds);
        ArgumentNullException.ThrowIfNull(notify);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)present, (uint)apicIds.Count);
        (_first, _ids, _isNew, _present, _notify) = (first, [.. apicIds], new bool[apicIds.Count], present, notify);
        PortRanges = [new(first, Count, 4)];
    }

    /// <summary>What the data register is about. What _OST reports is taken and not used.</summary>
    private enum Command : byte
    {
        NextWithEvent,
        OstEvent,
        OstStatus,
        ApicId,
    }

    /// <inheritdoc/>
    public IReadOnlyList<PortRange> PortRanges { get; }

    /// <inheritdoc/>
    protected override string StateKind => "cpu-hotplug";

    /// <inheritdoc/>
    protected override JsonTypeInfo<CpuHotplugState> StateType => HotplugStateJson.Default.CpuHotplugState;

    private bool IsSelected => _selector < (uint)_ids.Length;

    /// <summary>More processors have come.</summary>
    /// <param name="present">How many there are now.</param>
    public void Add(int present)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(present, _ids.Length);
        for (; _present < present; _present++)
            _isNew[_present] = true;
        _notify();
    }

    /// <inheritdoc/>
    public uint ReadPort(IoPort port, int size) => (port.Value - _first.Value) switch
    {
        FlagsOffset when IsSelected => (uint)((_selector < (uint)_present ? Enabled : 0) | (_isNew[_selector] ? IsNew : 0)),
        DataOffset when IsSelected => _command switch
        {
            Command.NextWithEvent => _selector,
            Command.ApicId => _ids[_selector],
            _ => 0,
        },
        _ => 0,
    };

    /// <inheritdoc/>
    public void WritePort(IoPort port, int size, uint value)
    {
        switch (port.Value - _first.Value)
        {
            case SelectorOffset when size == 4:
                _selector = value;
                break;
            case FlagsOffset when IsSelected && (value & IsNew) != 0:
                _isNew[_selector] = false;
                break;
            case CommandOffset when value <= (uint)Command.ApicId:
                _command = (Command)value;
                if (_command == Command.NextWithEvent)
                    SelectNext();
                break;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Processors that have come stay, and are not new to what starts now.</remarks>
    public override void Reset()
    {
        Array.Clear(_isNew);
        (_selector, _command) = (0, Command.NextWithEvent);
    }

    /// <inheritdoc/>
    protected override CpuHotplugState Capture() => new(_present, [.. _isNew], _selector, (byte)_command);

    /// <inheritdoc/>
    protected override void Apply(CpuHotplugState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.IsNew.Length != _ids.Length || state.Present < 1 || state.Present > _ids.Length)
            throw new SavedStateException($"{Name}: the saved state is not of a machine with 1 to {_ids.Length} processors.");
        state.IsNew.CopyTo(_isNew, 0);
        (_present, _selector) = (state.Present, state.Selector);
        _command = state.Command <= (byte)Command.ApicId ? (Command)state.Command : Command.NextWithEvent;
    }

    /// <summary>Selects the next processor that is new, from the selected one on; where there is none, nothing changes.</summary>
    private void SelectNext()
    {
        for (var i = 0; i < _ids.Length; i++)
        {
            var cpu = (uint)((_selector + (ulong)i) % (ulong)_ids.Length);
            if (!_isNew[cpu])
                continue;
            _selector = cpu;
            return;
        }
    }
}
