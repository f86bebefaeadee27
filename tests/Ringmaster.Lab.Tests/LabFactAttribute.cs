namespace Ringmaster.Lab.Tests;

/// <summary>A test that runs in a lab host, which takes minutes, so it runs only if that was asked for.</summary>
public sealed class LabFactAttribute : FactAttribute
{
    internal const string Variable = "RINGMASTER_LAB_TESTS";

    public LabFactAttribute()
    {
        if (Environment.GetEnvironmentVariable(Variable) != "1")
            Skip = "Runs in an emulated host; \"./test lab\" runs it.";
    }
}
