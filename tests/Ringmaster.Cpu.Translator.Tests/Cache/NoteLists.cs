using Ringmaster.Cpu.Translator.Cache;

namespace Ringmaster.Cpu.Translator.Tests.Cache;

/// <summary>Notes as lists.</summary>
internal static class NoteLists
{
    public static List<ExitPoint> AllExits(this RegionNotes notes)
    {
        List<ExitPoint> all = [];
        foreach (var exit in notes.Exits)
            all.Add(exit);
        return all;
    }

    public static List<InstructionPlace> AllPlaces(this RegionNotes notes)
    {
        List<InstructionPlace> all = [];
        foreach (var place in notes.Places)
            all.Add(place);
        return all;
    }

    public static List<Relocation> AllRelocations(this RegionNotes notes)
    {
        List<Relocation> all = [];
        foreach (var relocation in notes.Relocations)
            all.Add(relocation);
        return all;
    }

    public static List<SourceRun> AllSources(this RegionNotes notes, ulong page)
    {
        List<SourceRun> all = [];
        foreach (var source in notes.SourcesFrom(page))
            all.Add(source);
        return all;
    }
}
