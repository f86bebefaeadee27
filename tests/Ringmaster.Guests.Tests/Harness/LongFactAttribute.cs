namespace Ringmaster.Guests.Tests.Harness;

/// <summary>A test that takes long and runs only if that was asked for.</summary>
public sealed class LongFactAttribute : FactAttribute
{
    internal const string Variable = "RINGMASTER_LONG_TESTS";

    public LongFactAttribute()
    {
        if (Environment.GetEnvironmentVariable(Variable) != "1")
            Skip = $"Takes long; set {Variable}=1.";
    }
}
