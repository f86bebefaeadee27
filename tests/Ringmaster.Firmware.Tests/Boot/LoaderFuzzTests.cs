using Ringmaster.Firmware.Boot;
using Ringmaster.Firmware.Tests.Images;

namespace Ringmaster.Firmware.Tests.Boot;

/// <summary>Whatever an image holds, loading it works or ends in a sentence, and never in another exception.</summary>
public sealed class LoaderFuzzTests : IDisposable
{
    private const int Rounds = 4000;
    private static readonly uint[] Interesting =
        [0, 1, 0x7F, 0x80, 0xFF, 0xFFF, 0x1000, 0xFFFF, 0x10_0000, 0x20_0000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_F000, 0xFFFF_FFFF];

    private readonly TestGuest _guest = new(4);

    public void Dispose() => _guest.Dispose();

    public static TheoryData<string, byte[]> Seeds => new()
    {
        { "Linux", new LinuxImage { PreferredAddress = 0x10_0000, Alignment = 0x1000 }.ToArray() },
        { "Linux 32-bit", new LinuxImage { XLoadFlags = 0, Version = 0x205 }.ToArray() },
        { "PVH", new ElfFile { Note = ElfFile.PvhNote(0x10_0000) }.ToArray() },
        { "ELF64", new ElfFile().ToArray() },
        { "ELF32", new ElfFile { Is64Bit = false, Machine = 3 }.ToArray() },
        { "multiboot ELF", new ElfFile { Is64Bit = false, Code = MultibootFile.Header(3) }.ToArray() },
        { "multiboot with addresses", MultibootFile.WithAddresses(0x10_0000, 0, 0x10_1000, 0x10_0000) },
    };

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Mutated_images_load_or_are_refused(string name, byte[] seed)
    {
        var random = new Random(name.Length * 7919);
        int loaded = 0, refused = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var image = Mutate(seed, random);
            var entry = seed.Length > 1024 ? (BootEntry)random.Next(3) : BootEntry.Automatic;
            _ = TryLoad(image, entry, random) ? loaded++ : refused++;
        }
        // Both outcomes must occur, or the mutations test nothing.
        Assert.True(loaded > 0 && refused > 0, $"{loaded} loaded, {refused} refused");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Truncated_images_load_or_are_refused(string name, byte[] seed)
    {
        Assert.NotEmpty(name);
        var refused = 0;
        for (var length = 0; length < Math.Min(seed.Length, 2000); length++)
            refused += TryLoad(seed[..length], BootEntry.Automatic, new Random(length)) ? 0 : 1;
        Assert.True(refused > 0);
    }

    [Fact]
    public void Random_bytes_behind_a_signature_load_or_are_refused()
    {
        var random = new Random(42);
        for (var round = 0; round < Rounds; round++)
        {
            var image = new byte[random.Next(4096)];
            random.NextBytes(image);
            byte[] signature = random.Next(3) switch { 0 => [0x7F, 0x45, 0x4C, 0x46, (byte)random.Next(1, 3), 1], 1 => MultibootFile.Header(1 << 16), _ => [] };
            signature.AsSpan(0, Math.Min(signature.Length, image.Length)).CopyTo(image);
            TryLoad(image, BootEntry.Automatic, random);
        }
    }

    private bool TryLoad(byte[] image, BootEntry entry, Random random)
    {
        var modules = random.Next(3) == 0 ? new BootModule[] { new("m", new byte[random.Next(100)], random.Next(2) == 0 ? "" : "args") } : [];
        try
        {
            var cpu = _guest.Load(new BootRequest(image) { Entry = entry, CommandLine = modules.Length == 0 ? "" : "x", Modules = modules }).Cpu;
            Assert.InRange(cpu.Rip, 0ul, uint.MaxValue + 0x200ul);
            return true;
        }
        catch (KernelLoadException refusal)
        {
            Assert.EndsWith(".", refusal.Message, StringComparison.Ordinal);
            return false;
        }
    }

    private static byte[] Mutate(byte[] seed, Random random)
    {
        var image = seed.AsSpan().ToArray();
        // The headers are at the front, but for a bzImage, whose header is at 0x1F1.
        var start = seed.Length > 1024 ? 0x1F1 : 0;
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var offset = start + random.Next(Math.Min(image.Length - start, 0x90));
            if (random.Next(2) == 0)
                image[offset] = (byte)random.Next(256);
            else
                BitConverter.GetBytes(Interesting[random.Next(Interesting.Length)]).AsSpan(0, Math.Min(4, image.Length - offset)).CopyTo(image.AsSpan(offset));
        }
        return random.Next(8) == 0 ? image[..random.Next(image.Length)] : image;
    }
}
