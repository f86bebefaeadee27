using Ringmaster.Devices;
using Ringmaster.Devices.State;
using Ringmaster.Devices.Tests.Contract;
using Xunit.Abstractions;

namespace Ringmaster.Fuzz.Tests.Devices;

/// <summary>
/// A target for each device of the contract suite's catalogue: lives under a hostile guest, with its state saved, damaged and restored in
/// between. Nothing may throw but what a damaged state is refused with, and nothing may hang.
/// </summary>
public sealed class DeviceFuzzTests(ITestOutputHelper output)
{
    private const int Rounds = 30, MostSteps = 60;
    private const double Seconds = 0.5;

    public static TheoryData<string> Names => DeviceCatalog.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void No_guest_and_no_state_breaks_a_device(string name)
    {
        var time = new FuzzTime(Seconds);
        var seed = FuzzTime.FirstSeed(1);
        output.WriteLine($"first seed {seed:x}");
        var lives = 0;
        using var watchdog = new Watchdog(TimeSpan.FromSeconds(10), () => { });

        for (; !time.IsOver; seed++, lives++)
        {
            var life = $"{name} seed {seed:x}";
            watchdog.Begin(life);
            try
            {
                Live(name, new Random(unchecked((int)seed)));
            }
            catch (Exception error)
            {
                throw new FuzzFailureException($"{life}: {error.GetType().Name}: {error.Message}", error);
            }
            finally
            {
                watchdog.End();
            }
        }

        output.WriteLine($"{lives} lives");
        Assert.True(lives > 0);
    }

    private static void Live(string name, Random random)
    {
        var rig = new DeviceRig(DeviceCatalog.All[name]);
        for (var round = 0; round < Rounds; round++)
        {
            rig.Run(random, random.Next(MostSteps));
            switch (random.Next(8))
            {
                case 0:
                    rig.Reset();
                    break;
                case 1:
                    rig.Device.Restore(rig.Device.Save());
                    break;
                case 2:
                    RestoreDamaged(rig.Device, random);
                    break;
            }
        }
    }

    private static void RestoreDamaged(IDevice device, Random random)
    {
        var state = device.Save();
        if (state.Data is not { } data)
            return;
        try
        {
            device.Restore(state with { Data = StateMutator.Mutate(data, random) });
        }
        catch (SavedStateException)
        {
            // Refused, and the device is as it was.
        }
    }
}
