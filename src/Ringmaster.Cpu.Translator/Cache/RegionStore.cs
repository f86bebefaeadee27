namespace Ringmaster.Cpu.Translator.Cache;

/// <summary>What regions consist of beside their code.</summary>
internal sealed class RegionStore
{
    /// <summary>Of <see cref="Region.Exits"/>.</summary>
    public Slabs<ExitPoint> Exits { get; } = new();

    /// <summary>Of <see cref="Region.Instructions"/>.</summary>
    public Slabs<InstructionPlace> Instructions { get; } = new();

    /// <summary>Of <see cref="Region.Sources"/>.</summary>
    public Slabs<SourceRun> Sources { get; } = new();

    /// <summary>Of <see cref="Region.Relocations"/>.</summary>
    public Slabs<Relocation> Relocations { get; } = new();

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        Exits.Clear();
        Instructions.Clear();
        Sources.Clear();
        Relocations.Clear();
    }
}
