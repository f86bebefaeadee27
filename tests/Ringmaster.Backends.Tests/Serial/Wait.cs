namespace Ringmaster.Backends.Tests.Serial;

/// <summary>Waits for something that another thread brings about.</summary>
internal static class Wait
{
    internal static void Until(Func<bool> condition) =>
        Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(10)), "It did not happen within ten seconds.");
}
