using System.Text.RegularExpressions;
using Ringmaster.Guests.Tests.Harness;
using Ringmaster.Guests.Tests.Running;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Guests.Tests;

/// <summary>memtest86+ finds the processor and the memory, and nothing wrong with them.</summary>
public sealed class MemtestTests
{
    private static readonly TimeSpan s_start = TimeSpan.FromSeconds(60), s_pass = TimeSpan.FromMinutes(15), s_largePass = TimeSpan.FromMinutes(60);

    public static TheoryData<string, EngineChoice> Images => new()
    {
        { GuestFile.Memtest64, EngineChoice.Interpreter },
        { GuestFile.Memtest32, EngineChoice.Interpreter },
        { GuestFile.Memtest64, EngineChoice.Translator },
        { GuestFile.Memtest32, EngineChoice.Translator },
    };

    [Theory]
    [MemberData(nameof(Images))]
    public void It_starts_and_shows_processor_and_memory(string image, EngineChoice engine)
    {
        using var machine = Start(image, engine);

        var isTesting = machine.Serial.WaitUntil(output => TerminalScreen.After(output).Text.Contains("Status: Testing", StringComparison.Ordinal), s_start);

        var screen = TerminalScreen.After(machine.Serial.Text).Text;
        Assert.True(isTesting, screen);
        Assert.Contains("Memtest86+ v", screen, StringComparison.Ordinal);
        Assert.Contains("Ringmaster x86-64-v2 Virtual CPU", screen, StringComparison.Ordinal);
        Assert.Matches(@"Memory\s*:\s+32MB", screen);
        Assert.Contains("Errors: 0", screen, StringComparison.Ordinal);
        Assert.Null(machine.Outcome);
    }

    [LongTheory]
    [MemberData(nameof(Images))]
    public void It_passes_all_its_tests(string image, EngineChoice engine)
    {
        using var machine = Start(image, engine);

        machine.Serial.WaitUntil(output => Count(output, "Pass") >= 1 || Count(output, "Errors") > 0, s_pass);

        var screen = TerminalScreen.After(machine.Serial.Text).Text;
        Assert.True(Count(machine.Serial.Text, "Pass") >= 1, screen);
        Assert.Equal(0, Count(machine.Serial.Text, "Errors"));
        Assert.Null(machine.Outcome);
    }

    [LongTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_full_pass_over_128_MB_finds_no_error(bool has64Bits)
    {
        using var machine = Start(has64Bits ? GuestFile.Memtest64 : GuestFile.Memtest32, EngineChoice.Translator, mebibytes: 128);

        machine.Serial.WaitUntil(output => Count(output, "Pass") >= 1 || Count(output, "Errors") > 0, s_largePass);

        var screen = TerminalScreen.After(machine.Serial.Text).Text;
        Assert.True(Count(machine.Serial.Text, "Pass") >= 1, screen);
        Assert.Equal(0, Count(machine.Serial.Text, "Errors"));
        Assert.Matches(@"Memory\s*:\s+128MB", screen);
        Assert.Null(machine.Outcome);
    }

    private static RunningMachine Start(string image, EngineChoice engine, ulong mebibytes = 32) => new(new MachineConfig
    {
        Kernel = image,
        CommandLine = "console=ttyS0,115200 nobench nopause nobigstatus",
        Memory = ByteSize.FromMebibytes(mebibytes),
        Cpu = CpuConfig.Default with { Model = "x86-64-v2" },
        Engine = new EngineConfig(engine),
    });

    // The counter behind its name in the status line: "Pass:  0        Errors: 0".
    private static int Count(string output, string name) =>
        Regex.Match(TerminalScreen.After(output).Text, name + @":\s+(\d+)") is { Success: true } match ? int.Parse(match.Groups[1].ValueSpan) : -1;
}
