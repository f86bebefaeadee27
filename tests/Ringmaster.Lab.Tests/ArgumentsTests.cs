namespace Ringmaster.Lab.Tests;

public sealed class ArgumentsTests
{
    [Theory]
    [InlineData("cd /sys; ls 'a b'", "cd /sys; ls 'a b'")]
    [InlineData("echo|it's", "'echo' 'it'\\''s'")]
    [InlineData("--cpus|4|--log|true", "true")]
    public void One_word_is_a_script_and_several_are_a_command(string words, string command)
    {
        Assert.True(Arguments.TryParse(Words(words), out var parsed));

        Assert.Equal(command, parsed.Command);
    }

    [Fact]
    public void Options_come_before_the_command()
    {
        Assert.True(Arguments.TryParse(Words("--cpus|4|--memory|512|--cpu|max,-svm|--append|kvm_amd.npt=0|--patience|9|--files|out|--log|run|--cpus|7"), out var parsed));

        Assert.Equal((4, 512, "max,-svm", "kvm_amd.npt=0"), (parsed.Host.Cpus, parsed.Host.MemoryMebibytes, parsed.Host.Cpu, parsed.Host.KernelParameters));
        Assert.Equal((TimeSpan.FromSeconds(9), "out", true), (parsed.Patience, parsed.Files, parsed.ShowLog));
        Assert.Equal("'run' '--cpus' '7'", parsed.Command);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--cpus|0|true")]
    [InlineData("--memory")]
    [InlineData("--cpu")]
    [InlineData("--unknown|true")]
    [InlineData("--log")]
    public void What_is_no_command_line_is_refused(string words) => Assert.False(Arguments.TryParse(Words(words), out _));

    private static string[] Words(string text) => text.Split('|', StringSplitOptions.RemoveEmptyEntries);
}
