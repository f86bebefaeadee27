using Ringmaster.Machine.Assembly;

namespace Ringmaster.Machine.Tests.Assembly;

public sealed class OptionRomTests
{
    [Fact]
    public void A_program_names_its_device_and_still_adds_up_to_zero()
    {
        var rom = new byte[512];
        rom[0] = 0x55;
        rom[1] = 0xAA;
        rom[0x18] = 0x40;
        "PCIR"u8.CopyTo(rom.AsSpan(0x40));
        rom[0x46] = 0x41;
        rom[0x47] = 0x10;
        rom[6] = (byte)-rom.Sum(b => b);

        OptionRom.NameDevice(rom, 0x1000);

        Assert.Equal(0x1000, BitConverter.ToUInt16(rom, 0x46));
        Assert.Equal(0, (byte)rom.Sum(b => b));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0x1A)]
    [InlineData(512)]
    public void What_is_no_program_stays_as_it_is(int length)
    {
        var rom = Enumerable.Repeat((byte)0xFF, length).ToArray();

        OptionRom.NameDevice(rom, 0x1000);

        Assert.All(rom, value => Assert.Equal(0xFF, value));
    }
}
