namespace Ringmaster.Fuzz.Tests.Engine;

/// <summary>Seeds of engine cases that failed once; a new one goes here together with its fix.</summary>
internal static class EarlierFailures
{
    public static TheoryData<ulong, bool> Seeds => new()
    {
        { 1, false },
        { 1, true },
    };
}
