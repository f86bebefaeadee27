using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Tests.HarnessX87;

namespace Ringmaster.Cpu.Interpreter.Tests.X87;

/// <summary>What a pending unmasked exception and CR0 do to x87 and MMX instructions.</summary>
public sealed class PendingExceptionTests : IDisposable
{
    private readonly InterpretedFloat _machine = new();

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData("D9E8", true)]      // FLD1
    [InlineData("9B", true)]        // WAIT
    [InlineData("D92E", true)]      // FLDCW
    [InlineData("D926", true)]      // FLDENV
    [InlineData("0F77", true)]      // EMMS
    [InlineData("0FFCC1", true)]    // PADDB
    [InlineData("DBE3", false)]     // FNINIT
    [InlineData("DBE2", false)]     // FNCLEX
    [InlineData("D93E", false)]     // FNSTCW
    [InlineData("DFE0", false)]     // FNSTSW
    [InlineData("D936", false)]     // FNSTENV
    [InlineData("DD36", false)]     // FNSAVE
    [InlineData("0FAE06", false)]   // FXSAVE
    public void Only_waiting_instructions_report_a_pending_exception(string bytes, bool waits)
    {
        _machine.Prepare(Convert.FromHexString(bytes));
        _machine.Cpu.Fpu.ControlWord = 0x37E;
        _machine.Cpu.Fpu.StatusWord = 0x8081;
        _machine.Cpu.R[6] = InterpretedFloat.MemoryAddress;

        var status = _machine.Execute();

        Assert.Equal(waits ? Status.Fault : Status.Next, status);
        if (waits)
            Assert.Equal((byte)Vector.FloatingPoint, _machine.Cpu.Pending.Vector);
    }

    [Theory]
    [InlineData("D9E8", Cr0Bits.TaskSwitched, Vector.DeviceNotAvailable)]
    [InlineData("D9E8", Cr0Bits.Emulation, Vector.DeviceNotAvailable)]
    [InlineData("0F77", Cr0Bits.TaskSwitched, Vector.DeviceNotAvailable)]
    [InlineData("0F77", Cr0Bits.Emulation, Vector.InvalidOpcode)]
    [InlineData("9B", Cr0Bits.TaskSwitched | Cr0Bits.MonitorCoprocessor, Vector.DeviceNotAvailable)]
    internal void Control_register_bits_keep_instructions_from_executing(string bytes, ulong cr0, Vector vector)
    {
        _machine.Prepare(Convert.FromHexString(bytes));
        _machine.Cpu.Cr0 |= cr0;

        Assert.Equal(Status.Fault, _machine.Execute());
        Assert.Equal((byte)vector, _machine.Cpu.Pending.Vector);
    }
}
