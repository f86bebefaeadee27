using System.Text.Json;
using Ringmaster.Devices.Storage.Floppy;
using Ringmaster.Devices.Storage.Ide;
using Ringmaster.Devices.Tests.Contract;

namespace Ringmaster.Devices.Tests.Storage;

/// <summary>Longer random lives than the contract suite's, and a look at what such lives come across.</summary>
public sealed class StorageFuzzTests
{
    private const int Seeds = 30, Rounds = 150, Steps = 12;

    [Theory]
    [InlineData("ide disk", typeof(IdeStep))]
    [InlineData("ide cd", typeof(IdeStep), (int)IdeStep.Writing, (int)IdeStep.Receiving, (int)IdeStep.Working)]
    [InlineData("floppy", typeof(FloppyStep))]
    public void A_hostile_guest_brings_a_device_into_every_step_of_its_kind_and_never_out_of_order(string name, Type steps, params int[] others)
    {
        ArgumentNullException.ThrowIfNull(steps);
        var seen = new HashSet<int>();
        for (var seed = 1000; seed < 1000 + Seeds; seed++)
        {
            var rig = new DeviceRig(DeviceCatalog.All[name]);
            var random = new Random(seed);
            for (var round = 0; round < Rounds; round++)
            {
                rig.Run(random, Steps);
                var state = rig.Device.Save();
                seen.UnionWith(FindSteps(state.Data!.Value));
                rig.Device.Restore(state);
                if (round % 40 == 39)
                    rig.Reset();
            }
        }

        Assert.Equal(Enum.GetValuesAsUnderlyingType(steps).Cast<int>().Except(others), seen.Order());
    }

    private static IEnumerable<int> FindSteps(JsonElement element) => element.ValueKind == JsonValueKind.Object
        ? element.EnumerateObject().SelectMany(field => field.Name == "Step" ? [field.Value.GetInt32()] : FindSteps(field.Value))
        : [];
}
