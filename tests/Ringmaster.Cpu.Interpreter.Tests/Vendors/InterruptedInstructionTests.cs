using System.Runtime.Intrinsics;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Flags;
using Ringmaster.Cpu.Interpreter.Tests.HarnessX87;
using Ringmaster.Cpu.Models;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Tests.Vendors;

/// <summary>What instructions leave that a fault interrupts in the middle, where Intel's manual and AMD's processors differ.</summary>
public sealed class InterruptedInstructionTests
{
    private const ulong Data = InterpretedFloat.MemoryAddress, NotCanonical = 1UL << 60;

    // "Auth", "Genu": what the names of both vendors begin with.
    private const uint Amd = 0x6874_7541, Intel = 0x756E_6547;

    [Theory]
    [InlineData(Intel, "F2AE", Rflags.Carry)]
    [InlineData(Amd, "F2AE", Rflags.Sign)]
    [InlineData(Intel, "F2A6", Rflags.Carry)]
    [InlineData(Amd, "F2A6", Rflags.Sign)]
    public void Repeated_comparisons_have_the_flags_from_before_or_of_the_last_element(uint vendor, string bytes, uint expected)
    {
        using var machine = Create(vendor);
        var state = new CpuState();
        machine.Cpu.Export(state);
        state.Cs = new Segment(0x23, 0, uint.MaxValue, new SegmentAttributes(0xC09B));
        // The third byte is beyond the limit.
        state.Es = new Segment(0x2B, 0, (uint)Data + 1, new SegmentAttributes(0x4093));
        machine.Cpu.Import(state);
        machine.Prepare(Convert.FromHexString(bytes));
        machine.Memory(Data, 2).Fill(0x10);
        machine.Memory(Data + 0x100, 2).Fill(0x90);
        (machine.Cpu.R[0], machine.Cpu.R[1], machine.Cpu.R[6], machine.Cpu.R[7]) = (0x90, 10, Data + 0x100, Data);
        machine.Cpu.SetStatus(Rflags.Carry);

        var status = machine.Execute();

        Assert.Equal(Status.Fault, status);
        Assert.Equal((8UL, Data + 2), (machine.Cpu.R[1], machine.Cpu.R[7]));
        Assert.Equal(expected, machine.Cpu.GetStatus() & (Rflags.Carry | Rflags.Sign));
    }

    [Theory]
    [InlineData(Intel, 0UL)]
    [InlineData(Amd, 0x5555UL)]
    public void A_gather_has_cleared_what_lies_beyond_its_mask_or_not(uint vendor, ulong expected)
    {
        using var machine = Create(vendor);
        // VPGATHERQQ xmm0, [xmm2], xmm1.
        var code = new MemoryStream();
        var assembler = new Assembler(64);
        assembler.vpgatherqq(AssemblerRegisters.xmm0, AssemblerRegisters.__[AssemblerRegisters.rax + AssemblerRegisters.xmm2], AssemblerRegisters.xmm1);
        assembler.Assemble(new StreamCodeWriter(code), 0);
        machine.Prepare(code.ToArray());
        machine.Memory(Data, 8).Fill(0x11);
        machine.Cpu.R[0] = 0;
        machine.Cpu.Ymm<ulong>(1) = Vector256.Create(ulong.MaxValue, ulong.MaxValue, 0x5555, 0x5555);
        machine.Cpu.Ymm<ulong>(2) = Vector256.Create(Data, NotCanonical, 0, 0);

        var status = machine.Execute();

        Assert.Equal(Status.Fault, status);
        Assert.Equal(0x1111_1111_1111_1111UL, machine.Cpu.Ymm<ulong>(0)[0]);
        Assert.Equal(0UL, machine.Cpu.Ymm<ulong>(1)[0]);
        Assert.Equal(1UL, machine.Cpu.Ymm<ulong>(1)[1] >> 63);
        Assert.Equal((expected, expected), (machine.Cpu.Ymm<ulong>(1)[2], machine.Cpu.Ymm<ulong>(1)[3]));
    }

    private static InterpretedFloat Create(uint vendor) => new(HostCpuid.Read((0, 0, HostCpuid.Read()[0, 0] with { Ebx = vendor })));
}
