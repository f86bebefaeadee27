using System.Collections.Frozen;

namespace Ringmaster.Cpu.Models;

/// <summary>
/// The registers of a model that no engine or device keeps: constants, and a few that hold what is written to them. The table
/// itself never changes; a vCPU keeps the values of those that <see cref="MsrDefinition.HasState"/>.
/// </summary>
public sealed class MsrTable
{
    private static readonly MsrFile File = ModelData.Read("msrs.json", ModelJson.Default.MsrFile);

    private readonly FrozenDictionary<uint, MsrDefinition> _registers;

    private MsrTable(IEnumerable<MsrDefinition> registers)
    {
        _registers = registers.ToFrozenDictionary(r => r.Index);
    }

    /// <summary>All registers, by number.</summary>
    public IReadOnlyDictionary<uint, MsrDefinition> Registers => _registers;

    /// <summary>Reads a register's value after reset.</summary>
    /// <returns>False if the register does not exist or cannot be read: RDMSR raises #GP(0).</returns>
    public bool TryRead(uint msr, out ulong value)
    {
        var found = _registers.TryGetValue(msr, out var register) && register.IsReadable;
        value = found ? register!.Value : 0;
        return found;
    }

    /// <summary>Works out what a write does.</summary>
    /// <param name="msr">The register.</param>
    /// <param name="current">Its present value.</param>
    /// <param name="written">EDX:EAX.</param>
    /// <param name="stored">The value from now on.</param>
    /// <returns>False if the register does not exist or refuses the value: WRMSR raises #GP(0).</returns>
    public bool TryWrite(uint msr, ulong current, ulong written, out ulong stored)
    {
        stored = current;
        return _registers.TryGetValue(msr, out var register) && register.TryWrite(current, written, out stored);
    }

    internal static MsrTable For(CpuModel model, CpuFeatureSet features)
    {
        var vendor = model.IsAmd ? "AuthenticAMD" : model.Vendor;
        return new(File.Registers
            .Where(e => e.Vendor is null || e.Vendor == vendor)
            .Where(e => e.NeedsAny is null || e.NeedsAny.Any(features.Contains))
            .SelectMany(e => Expand(e, model, features)));
    }

    private static IEnumerable<MsrDefinition> Expand(MsrEntry entry, CpuModel model, CpuFeatureSet features)
    {
        var value = entry.ValueFrom switch
        {
            // Intel reports the revision in EDX, AMD in EAX (SDM 3A 10.11.7.1).
            MsrValueSource.Microcode => model.IsAmd ? model.Microcode : (ulong)model.Microcode << 32,
            MsrValueSource.ArchCapabilities => features.ArchCapabilities,
            _ => entry.Value,
        };
        for (var i = 0; i < entry.Count; i++)
        {
            var name = entry.Count == 1 ? entry.Name : $"{entry.Name}[{i}]";
            yield return new(entry.Index + (uint)(i * entry.Stride), name, value, entry.Access, entry.Mask, entry.Source);
        }
    }
}
