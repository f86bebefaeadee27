namespace Ringmaster.Lab.Tests;

public sealed class EmulatorVersionTests
{
    [Theory]
    [InlineData("QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18+b3)\nCopyright (c) 2003-2022 Fabrice Bellard", 7, 2)]
    [InlineData("QEMU emulator version 10.0.2", 10, 0)]
    public void QEMU_says_which_it_is(string said, int major, int minor) => Assert.Equal(new Version(major, minor), EmulatorVersion.Parse(said));

    [Theory]
    [InlineData("")]
    [InlineData("version unknown")]
    public void What_is_no_version_is_refused(string said) =>
        Assert.Contains($"\"{said}\"", Assert.Throws<LabException>(() => EmulatorVersion.Parse(said)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(7, 2, 1)]
    [InlineData(8, 0, 1)]
    [InlineData(8, 1, 2)]
    [InlineData(10, 0, 2)]
    public void Several_processors_need_one_that_sees_code_change(int major, int minor, int cpus) =>
        Assert.Equal(cpus, EmulatorVersion.ReliableCpus(new Version(major, minor)));
}
