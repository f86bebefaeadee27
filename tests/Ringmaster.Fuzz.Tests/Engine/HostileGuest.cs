using Ringmaster.Cpu.Models;
using Ringmaster.Cpu.State;
using Ringmaster.Memory;

namespace Ringmaster.Fuzz.Tests.Engine;

/// <summary>Fills RAM with a random guest.</summary>
internal static class HostileGuest
{
    /// <summary>Makes a guest.</summary>
    /// <param name="random">Decides everything about it.</param>
    /// <param name="memory">RAM as <see cref="Layout.Ranges"/> has it.</param>
    /// <param name="cpuid">The CPU model.</param>
    /// <param name="coherent">Its code consists of valid instructions.</param>
    /// <returns>Where it starts.</returns>
    public static CpuState Create(FuzzRandom random, GuestMemory memory, CpuidTable cpuid, bool coherent)
    {
        Fill(random, memory);
        var maker = new RandomState(random, memory, cpuid);
        var state = maker.Create();
        if (!coherent)
            return state;
        var bits = maker.Mode switch { GuestMode.Long => 64, GuestMode.Protected32 or GuestMode.Compatibility => 32, _ => 16 };
        Span<byte> code = new byte[0x2000];
        new CodeGenerator(random, bits).Fill(code);
        memory.TryWrite(new GuestPhysicalAddress(Layout.Code), code);
        return state;
    }

    private static void Fill(FuzzRandom random, GuestMemory memory)
    {
        Span<byte> bytes = stackalloc byte[GuestPhysicalAddress.PageSize];
        foreach (var range in memory.Ranges)
        {
            for (var at = range.Start; at < range.End; at += GuestPhysicalAddress.PageSize)
            {
                if (random.Chance(30))
                    bytes.Clear();
                else
                    random.Fill(bytes);
                memory.TryWrite(at, bytes);
            }
        }
    }
}
