namespace Ringmaster.Cpu.Translator;

/// <summary>Settings of the translator.</summary>
public sealed record TranslatorOptions
{
    /// <summary>Bytes of generated code that a machine keeps, at most; a multiple of 4096.</summary>
    public int CodeCacheSize { get; init; } = 64 << 20;

    /// <summary>A block is interpreted so often before it is translated; 0 translates everything at once.</summary>
    public int Threshold { get; init; } = 60;

    /// <summary>Count the guest's instructions exactly.</summary>
    public bool CountsInstructions { get; init; }

    /// <summary>Write /tmp/perf-PID.map, by which perf(1) can name generated code.</summary>
    public bool WritesPerfMap { get; init; }

    /// <summary>
    /// Run the interpreter beside generated code and stop at the first difference; for one vCPU. Slow, and needs memory for a
    /// second guest.
    /// </summary>
    public bool ComparesWithInterpreter { get; init; }
}
