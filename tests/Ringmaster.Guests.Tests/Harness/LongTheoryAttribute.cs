namespace Ringmaster.Guests.Tests.Harness;

/// <summary>Cases that take long and run only if that was asked for.</summary>
public sealed class LongTheoryAttribute : TheoryAttribute
{
    public LongTheoryAttribute()
    {
        if (Environment.GetEnvironmentVariable(LongFactAttribute.Variable) != "1")
            Skip = $"Takes long; set {LongFactAttribute.Variable}=1.";
    }
}
