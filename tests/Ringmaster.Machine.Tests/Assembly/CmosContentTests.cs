using Ringmaster.Devices.Storage.Floppy;
using Ringmaster.Machine.Assembly;

namespace Ringmaster.Machine.Tests.Assembly;

/// <summary>What the CMOS RAM says of diskette drives.</summary>
public sealed class CmosContentTests
{
    [Theory]
    [InlineData(new FloppyDriveKind[0], 0x00, 0x06)]
    [InlineData(new[] { FloppyDriveKind.HighDensity3 }, 0x40, 0x07)]
    [InlineData(new[] { FloppyDriveKind.HighDensity3, FloppyDriveKind.ExtraDensity3 }, 0x45, 0x47)]
    public void Drives_are_in_bytes_10h_and_14h(FloppyDriveKind[] drives, byte kinds, byte equipment)
    {
        var cells = CmosContent.For(256 << 20, 0, 1, drives);

        Assert.Equal((kinds, equipment), (cells[0x10], cells[0x14]));
    }
}
