using Ringmaster.Cpu.Interrupts;
using Ringmaster.Cpu.Kvm.State;
using Ringmaster.Host.Kvm;

namespace Ringmaster.Cpu.Kvm.Tests;

public sealed class MessageFormTests
{
    [Theory]
    [InlineData(0u, false, 0, 0x41, false, 0xFEE0_0000u, 0u, 0x4041u)]
    [InlineData(3u, false, 4, 0, false, 0xFEE0_3000u, 0u, 0x4400u)]
    [InlineData(0xFFu, true, 1, 0x99, true, 0xFEEF_F004u, 0u, 0xC199u)]
    [InlineData(0x1234u, false, 0, 0x20, true, 0xFEE3_4000u, 0x1200u, 0xC020u)]
    public void A_message_has_the_kernels_form(uint destination, bool isLogical, byte mode, byte vector, bool isLevel, uint low, uint high, uint data) =>
        Assert.Equal(new KvmMessage(low, high, data), new InterruptMessage(destination, isLogical, mode, vector, isLevel).ToKvm());
}
