namespace Ringmaster.Fuzz.Tests;

/// <summary>A test that looks for what nobody has found yet: <c>./test --long</c> runs it.</summary>
public sealed class LongFactAttribute : FactAttribute
{
    public LongFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("RINGMASTER_LONG_TESTS") != "1")
            Skip = "Runs long; run ./test --long.";
    }
}
