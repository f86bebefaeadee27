using Ringmaster.Differential.Tests.Native;

namespace Ringmaster.Differential.Tests.Cases;

/// <summary>An instruction sequence and the state that it starts from.</summary>
internal sealed class TestCase
{
    /// <summary>Its number in its run, which with the run's seed says everything about it.</summary>
    public long Number { get; init; }

    /// <summary>Code of a 32-bit segment, in compatibility mode.</summary>
    public bool Is32Bit { get; init; }

    /// <summary>Where the code starts.</summary>
    public ulong CodeAddress { get; set; }

    /// <summary>The sequence. What follows it is INT3.</summary>
    public List<CaseInstruction> Instructions { get; init; } = [];

    /// <summary>Registers at the start.</summary>
    public RegisterFrame Before;

    /// <summary>A copy with its own list.</summary>
    public TestCase Clone() => new()
    {
        Number = Number,
        Is32Bit = Is32Bit,
        CodeAddress = CodeAddress,
        Instructions = [.. Instructions],
        Before = Before,
    };
}
