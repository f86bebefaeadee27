namespace Ringmaster.Guests.Tests.Running;

/// <summary>A test that takes minutes. <c>./test --long</c> runs it.</summary>
public sealed class LongFactAttribute : FactAttribute
{
    public LongFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("RINGMASTER_LONG_TESTS") != "1")
            Skip = "Takes minutes; run ./test --long.";
    }
}
