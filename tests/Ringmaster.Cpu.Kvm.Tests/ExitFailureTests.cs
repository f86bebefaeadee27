using Ringmaster.Cpu.Kvm.Execution;
using Ringmaster.Host.Kvm;

namespace Ringmaster.Cpu.Kvm.Tests;

public sealed class ExitFailureTests
{
    [Fact]
    public void An_instruction_that_the_kernel_cannot_emulate_is_shown()
    {
        var area = new KvmRunArea { ExitReason = KvmExitReason.InternalError };
        area.InternalError.Kind = 1;
        area.InternalError.Count = 3;
        area.InternalError.Data[0] = 1;
        // Its length, then FXSAVE [RAX].
        area.InternalError.Data[1] = 0x00AE_0F03;

        var text = ExitFailure.Describe(area, 0x1234);

        Assert.Contains("at RIP 1234. The kernel cannot emulate the guest's instruction (0F AE 00)", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 0, "cannot emulate the guest's instruction, which")]
    [InlineData(2, 0, "Two exceptions")]
    [InlineData(3, 0, "delivery of an interrupt")]
    [InlineData(4, 1, "unexpected reason (77)")]
    [InlineData(99, 0, "of kind 99")]
    public void Every_internal_error_has_a_sentence(int kind, int count, string expected)
    {
        var area = new KvmRunArea { ExitReason = KvmExitReason.InternalError };
        area.InternalError.Kind = (uint)kind;
        area.InternalError.Count = (uint)count;
        area.InternalError.Data[0] = 0x77;

        Assert.Contains(expected, ExitFailure.Describe(area, 0), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(KvmExitReason.FailEntry, "refused to enter the guest (hardware reason 80000021)")]
    [InlineData(KvmExitReason.Unknown, "does not know (80000021)")]
    [InlineData(KvmExitReason.IoApicEoi, "not expected (26)")]
    public void Other_exits_that_should_not_come_say_what_they_are(KvmExitReason reason, string expected)
    {
        var area = new KvmRunArea { ExitReason = reason, HardwareReason = 0x8000_0021 };

        Assert.Contains(expected, ExitFailure.Describe(area, 0), StringComparison.Ordinal);
    }
}
