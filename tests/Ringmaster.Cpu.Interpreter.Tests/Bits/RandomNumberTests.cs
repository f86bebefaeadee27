using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Tests.HarnessSimd;

namespace Ringmaster.Cpu.Interpreter.Tests.Bits;

/// <summary>RDRAND and RDSEED, which cannot be compared with the host.</summary>
public sealed class RandomNumberTests
{
    [Theory]
    [InlineData(new byte[] { 0x48, 0x0F, 0xC7, 0xF0 })]
    [InlineData(new byte[] { 0x48, 0x0F, 0xC7, 0xF8 })]
    public void Random_number_differs_each_time_and_sets_carry_alone(byte[] instruction)
    {
        using var guest = new GuestMachine();
        guest.Decode(instruction);
        guest.Cpu.SetStatus(0x8D4);

        Assert.Equal(Status.Next, guest.Execute());
        var first = guest.Cpu.R[0];
        guest.Execute();

        Assert.NotEqual(first, guest.Cpu.R[0]);
        Assert.Equal(1u, guest.Cpu.GetStatus());
    }
}
