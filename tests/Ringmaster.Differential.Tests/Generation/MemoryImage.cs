using System.Runtime.InteropServices;
using Ringmaster.Differential.Tests.Native;

namespace Ringmaster.Differential.Tests.Generation;

/// <summary>What the data pages hold before each case of a batch.</summary>
internal static class MemoryImage
{
    private const ulong Stream = 0x4D45_4D4F_5259;

    /// <summary>Fills the shared image; the same seed gives the same bytes.</summary>
    public static void Fill(OracleMemory memory, ulong seed)
    {
        var dice = new Dice();
        dice.Seed(seed, Stream);
        for (var i = 0; i < AddressSpace.Regions.Count; i++)
        {
            var region = AddressSpace.Regions[i];
            if (!region.IsExecutable)
                Fill(region.IsWritable ? memory.Image(i) : memory.Contents(i), dice);
        }
    }

    private static void Fill(Span<byte> bytes, Dice dice)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        for (var i = 0; i < words.Length; i += 2)
        {
            if (dice.Percent(15))
            {
                // Aligned to 16 bytes, where FLD and FXRSTOR find it.
                var number = Values.Float(dice);
                (words[i], words[i + 1]) = (number.Significand, number.SignExponent);
            }
            else
            {
                (words[i], words[i + 1]) = (Values.Vector(dice), Values.Vector(dice));
            }
        }
    }
}
