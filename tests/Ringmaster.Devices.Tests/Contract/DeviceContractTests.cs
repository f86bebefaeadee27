using System.Text.Json;
using Ringmaster.Devices.State;

namespace Ringmaster.Devices.Tests.Contract;

/// <summary>What every device owes the machine, whatever it does: see <see cref="IDevice"/> and <see cref="StatefulDevice{TState}"/>.</summary>
public sealed class DeviceContractTests
{
    private const int Seeds = 12, Steps = 300;

    public static TheoryData<string> Devices => DeviceCatalog.Names;

    [Theory]
    [MemberData(nameof(Devices))]
    public void A_restored_device_saves_what_it_was_given(string name)
    {
        foreach (var seed in Enumerable.Range(0, Seeds))
        {
            var original = Used(name, seed);
            var saved = original.StateText;

            var restored = Restored(name, original);

            Assert.Equal(saved, restored.StateText);
            Assert.Equal(saved, original.StateText);
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void A_restored_device_goes_on_like_the_original(string name)
    {
        foreach (var seed in Enumerable.Range(100, Seeds))
        {
            var original = Used(name, seed);
            var restored = Restored(name, original);
            Assert.Equal(original.Wiring.RaisedLines, restored.Wiring.RaisedLines);
            original.Wiring.Log.Clear();
            restored.Wiring.Log.Clear();

            original.Run(new Random(seed), Steps);
            restored.Run(new Random(seed), Steps);

            Assert.Equal(original.Wiring.Log, restored.Wiring.Log);
            Assert.Equal(original.StateText, restored.StateText);
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Reset_leads_back_to_the_state_of_a_new_device(string name)
    {
        foreach (var seed in Enumerable.Range(200, Seeds))
        {
            var used = Used(name, seed);
            var fresh = new DeviceRig(DeviceCatalog.All[name], used.Wiring.Clock.Now);

            used.Reset();

            Assert.Equal(fresh.Wiring.RaisedLines, used.Wiring.RaisedLines);
            if (!DeviceCatalog.All[name].KeepsStateOverReset)
                Assert.Equal(fresh.StateText, used.StateText);
            var once = used.StateText;
            used.Reset();
            Assert.Equal(once, used.StateText);
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Resetting_a_new_device_changes_nothing(string name)
    {
        var rig = new DeviceRig(DeviceCatalog.All[name]);
        var before = rig.StateText;

        rig.Device.Reset();

        Assert.Equal(before, rig.StateText);
        Assert.Empty(rig.Wiring.RaisedLines);
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void A_state_of_another_kind_or_a_newer_version_or_without_data_is_refused(string name)
    {
        var rig = Used(name, seed: 300);
        var state = rig.Device.Save();
        var before = rig.StateText;
        SavedState[] wrong =
        [
            state with { Kind = state.Kind + "x" },
            state with { Version = state.Version + 1 },
            state with { Version = 0 },
            state with { Data = state.Data is null ? JsonSerializer.SerializeToElement(1) : null },
            state with { Data = default(JsonElement) },
            state with { Data = JsonSerializer.SerializeToElement<object?>(null) },
            state with { Data = JsonSerializer.SerializeToElement("text") },
            state with { Data = JsonSerializer.SerializeToElement(new int[3]) },
        ];

        foreach (var each in wrong)
            Assert.Throws<SavedStateException>(() => rig.Device.Restore(each));

        Assert.Throws<ArgumentNullException>(() => rig.Device.Restore(null!));
        Assert.Equal(before, rig.StateText);
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void A_damaged_state_is_refused_without_effect_or_taken_as_a_legal_one(string name)
    {
        var source = Used(name, seed: 400).Device.Save();
        if (source.Data is not { } data)
            return;
        foreach (var seed in Enumerable.Range(0, 300))
        {
            var random = new Random(seed);
            var rig = Used(name, seed % 4, steps: 40);
            var before = rig.StateText;
            var damaged = source with { Data = StateMutator.Mutate(data, random) };

            try
            {
                rig.Device.Restore(damaged);
            }
            catch (SavedStateException)
            {
                Assert.Equal(before, rig.StateText);
                continue;
            }

            var taken = rig.StateText;
            Assert.Equal(taken, Restored(name, rig).StateText);
            rig.Run(random, 60);
            Assert.Equal(rig.StateText, Restored(name, rig).StateText);
        }
    }

    private static DeviceRig Used(string name, int seed, int steps = Steps)
    {
        var rig = new DeviceRig(DeviceCatalog.All[name]);
        rig.Run(new Random(seed), steps);
        rig.Wiring.Settle();
        return rig;
    }

    /// <summary>A new device at the same time, with the other's state and guest RAM.</summary>
    private static DeviceRig Restored(string name, DeviceRig original)
    {
        var rig = new DeviceRig(DeviceCatalog.All[name], original.Wiring.Clock.Now);
        rig.Wiring.CopyMemoryOf(original.Wiring);
        rig.Device.Restore(original.Device.Save());
        return rig;
    }
}
