using Ringmaster.Devices.Network;

namespace Ringmaster.Devices.Tests.Network;

public sealed class MacAddressTests
{
    [Theory]
    [InlineData("52:54:00:12:34:56", "52:54:00:12:34:56")]
    [InlineData("52-54-0-AB-CD-EF", "52:54:00:ab:cd:ef")]
    public void Text_becomes_an_address_and_text_again(string text, string expected)
    {
        Assert.True(MacAddress.TryParse(text, out var address));

        var bytes = new byte[6];
        address.Write(bytes);
        Assert.Equal(expected, MacAddress.Read(bytes).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("52:54:00:12:34")]
    [InlineData("52:54:00:12:34:56:78")]
    [InlineData("52:54:00:12:34:5g")]
    [InlineData("52:54:00:12:34:")]
    [InlineData("52:54:00:12:34:+5")]
    [InlineData("52:54:00:12:34:123")]
    public void Other_text_is_refused(string? text) => Assert.False(MacAddress.TryParse(text, out _));

    [Theory]
    [InlineData("ff:ff:ff:ff:ff:ff", true, true)]
    [InlineData("01:00:5e:00:00:01", true, false)]
    [InlineData("52:54:00:12:34:56", false, true)]
    [InlineData("00:1b:21:00:00:01", false, false)]
    public void The_first_byte_tells_groups_and_local_addresses(string text, bool group, bool local)
    {
        Assert.True(MacAddress.TryParse(text, out var address));

        Assert.Equal((group, local), (address.IsGroup, address.IsLocal));
    }
}
