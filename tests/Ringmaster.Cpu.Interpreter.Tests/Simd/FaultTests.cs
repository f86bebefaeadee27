using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Tests.HarnessSimd;
using Ringmaster.Cpu.State;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Cpu.Interpreter.Tests.Simd;

/// <summary>What vector instructions leave behind when they fault.</summary>
public sealed unsafe class FaultTests
{
    private const ulong LastBeforeHole = GuestMachine.MissingPage - 16;

    [Fact]
    public void Legacy_operand_that_is_not_aligned_raises_general_protection()
    {
        using var guest = Decoded(a => a.paddb(xmm1, __[rsi]));
        guest.Cpu.R[6] = GuestMachine.Data + 8;

        AssertRaises(guest, Vector.GeneralProtection);
    }

    [Fact]
    public void Vex_operand_need_not_be_aligned()
    {
        using var guest = Decoded(a => a.vpaddb(xmm1, xmm2, __[rsi]));
        guest.Cpu.R[6] = GuestMachine.Data + 8;

        Assert.Equal(Status.Next, guest.Execute());
    }

    [Fact]
    public void Vex_instruction_of_128_bits_clears_everything_above()
    {
        using var guest = Decoded(a => a.vpaddb(xmm1, xmm2, xmm3));
        for (var word = 0; word < 8; word++)
            guest.Cpu.Fpu.Vectors[1][word] = ulong.MaxValue;

        guest.Execute();

        Assert.All(Enumerable.Range(2, 6), word => Assert.Equal(0UL, guest.Cpu.Fpu.Vectors[1][word]));
    }

    [Fact]
    public void Masked_load_suppresses_the_faults_of_elements_that_it_does_not_load()
    {
        using var guest = Decoded(a => a.vpmaskmovd(ymm1, ymm2, __[rsi]));
        guest.Cpu.R[6] = LastBeforeHole;
        SetMask(guest, 2, 0b00001111);

        Assert.Equal(Status.Next, guest.Execute());
    }

    [Fact]
    public void Masked_store_that_faults_in_one_element_stores_none()
    {
        using var guest = Decoded(a => a.vpmaskmovd(__[rsi], ymm2, ymm3));
        guest.Cpu.R[6] = LastBeforeHole;
        SetMask(guest, 2, 0b00010001);
        guest.Cpu.Fpu.Vectors[3][0] = ulong.MaxValue;

        AssertRaises(guest, Vector.PageFault);

        Assert.Equal(0UL, *(ulong*)guest.Host(LastBeforeHole));
        Assert.Equal(GuestMachine.MissingPage, guest.Cpu.Cr2);
    }

    [Fact]
    public void Gather_that_faults_keeps_what_it_has_loaded_and_clears_those_masks()
    {
        using var guest = Decoded(a => a.vpgatherdd(xmm1, __dword_ptr[rsi + xmm2 * 4], xmm3));
        guest.Cpu.R[6] = LastBeforeHole;
        *(uint*)guest.Host(LastBeforeHole + 4) = 0x1234;
        guest.Cpu.Fpu.Vectors[2][0] = 1 | (4UL << 32);
        SetMask(guest, 3, 0b0111);

        AssertRaises(guest, Vector.PageFault);

        Assert.Equal(0x1234UL, guest.Cpu.Fpu.Vectors[1][0]);
        Assert.Equal(0xFFFF_FFFF_0000_0000, guest.Cpu.Fpu.Vectors[3][0]);
        Assert.Equal(0xFFFF_FFFFUL, guest.Cpu.Fpu.Vectors[3][1]);
    }

    [Theory]
    [InlineData(1, 2, 1)]
    [InlineData(1, 1, 3)]
    [InlineData(1, 2, 2)]
    public void Gather_with_equal_registers_is_invalid(int destination, int index, int mask)
    {
        var (to, by, masked) = (Xmm(destination), Xmm(index), Xmm(mask));
        using var guest = Decoded(a => a.vpgatherdd(to, __dword_ptr[rsi + by * 4], masked));

        AssertRaises(guest, Vector.InvalidOpcode);
    }

    [Theory]
    [InlineData(0x1F80u & ~0x80u, 0x7FF0_0000_0000_0001UL, 0x3FF0_0000_0000_0000UL, 1u)]
    [InlineData(0x1F80u & ~0x100u, 1UL, 0x3FF0_0000_0000_0000UL, 2u)]
    [InlineData(0x1F80u & ~0x1000u, 0x3FF0_0000_0000_0000UL, 0x3C00_0000_0000_0000UL, 0x20u)]
    [InlineData(0x1F80u & ~0x400u, 0x7FEF_FFFF_FFFF_FFFFUL, 0x7FEF_FFFF_FFFF_FFFFUL, 8u)]
    public void Unmasked_exception_sets_the_sticky_flag_and_leaves_the_destination(uint mxcsr, ulong left, ulong right, uint flags)
    {
        using var guest = Decoded(a => a.addsd(xmm1, xmm2));
        guest.Cpu.Fpu.Vectors[1][0] = left;
        guest.Cpu.Fpu.Vectors[2][0] = right;
        guest.Cpu.Fpu.Mxcsr = mxcsr;

        AssertRaises(guest, Vector.SimdFloatingPoint);

        Assert.Equal(left, guest.Cpu.Fpu.Vectors[1][0]);
        Assert.Equal(mxcsr | flags, guest.Cpu.Fpu.Mxcsr);
    }

    [Fact]
    public void Unmasked_exception_is_an_invalid_opcode_unless_the_system_handles_it()
    {
        using var guest = Decoded(a => a.divsd(xmm1, xmm2));
        guest.Cpu.Cr4 &= ~(1UL << 10);
        guest.Cpu.Fpu.Vectors[1][0] = 0x3FF0_0000_0000_0000;
        guest.Cpu.Fpu.Mxcsr = 0x1F80 & ~0x200u;

        AssertRaises(guest, Vector.InvalidOpcode);

        Assert.Equal(4u, guest.Cpu.Fpu.Mxcsr & 0x3F);
    }

    [Fact]
    public void Operand_exception_hides_what_rounding_other_elements_finds()
    {
        using var guest = Decoded(a => a.addpd(xmm1, xmm2));
        (guest.Cpu.Fpu.Vectors[1][0], guest.Cpu.Fpu.Vectors[2][0]) = (0x3FF0_0000_0000_0000, 0x3C00_0000_0000_0000);
        (guest.Cpu.Fpu.Vectors[1][1], guest.Cpu.Fpu.Vectors[2][1]) = (0x7FF0_0000_0000_0001, 0);
        guest.Cpu.Fpu.Mxcsr = 0x1F80 & ~0x80u;

        AssertRaises(guest, Vector.SimdFloatingPoint);

        Assert.Equal(1u, guest.Cpu.Fpu.Mxcsr & 0x3F);
    }

    [Theory]
    // The products of the upper lane have a denormal factor; whether those of the lower one were rounded is not reported.
    [InlineData(0x3FC0_0001U, 0x0000_0001U, 0x02U)]
    // The upper lane's sum has a denormal term, which is met when the rounding of all products has been reported.
    [InlineData(0x3FC0_0001U, 0x0080_0001U, 0x32U)]
    public void Dot_product_takes_each_step_in_both_lanes_at_once(uint lowerFactor, uint upperFactor, uint flags)
    {
        using var guest = Decoded(a => a.vdpps(ymm1, ymm2, ymm3, 0x3F));
        guest.Cpu.Fpu.Vectors[2][0] = guest.Cpu.Fpu.Vectors[3][0] = lowerFactor;
        (guest.Cpu.Fpu.Vectors[2][2], guest.Cpu.Fpu.Vectors[3][2]) = (upperFactor, 0x3F00_0000);
        guest.Cpu.Fpu.Mxcsr = 0x1F80 & ~0x100u;

        AssertRaises(guest, Vector.SimdFloatingPoint);

        Assert.Equal(flags, guest.Cpu.Fpu.Mxcsr & 0x3F);
    }

    [Fact]
    public void Conversion_to_mmx_waits_for_a_pending_x87_exception()
    {
        using var guest = Decoded(a => a.cvtps2pi(mm1, xmm2));
        guest.Cpu.Fpu.StatusWord = 0x81;

        AssertRaises(guest, Vector.FloatingPoint);
    }

    [Fact]
    public void Block_store_moves_64_bytes_and_demands_alignment()
    {
        using var guest = Decoded(a => a.movdir64b(rdi, __zmmword_ptr[rsi]));
        guest.Cpu.R[6] = GuestMachine.Data;
        guest.Cpu.R[7] = GuestMachine.Data + 128;
        *(ulong*)guest.Host(GuestMachine.Data + 56) = 0x1234;

        Assert.Equal(Status.Next, guest.Execute());
        Assert.Equal(0x1234UL, *(ulong*)guest.Host(GuestMachine.Data + 184));

        guest.Cpu.R[7]++;
        AssertRaises(guest, Vector.GeneralProtection);
    }

    private static AssemblerRegisterXMM Xmm(int number) => new(Register.XMM0 + number);

    private static void SetMask(GuestMachine guest, int register, int mask)
    {
        for (var i = 0; i < 8; i++)
        {
            if ((mask >> i & 1) != 0)
                guest.Cpu.Fpu.Vectors[register][i / 2] |= 0x8000_0000UL << (32 * (i & 1));
        }
    }

    private static void AssertRaises(GuestMachine guest, Vector vector)
    {
        Assert.Equal(Status.Fault, guest.Execute());
        Assert.Equal((byte)vector, guest.Cpu.Pending.Vector);
    }

    private static GuestMachine Decoded(Action<Assembler> assemble)
    {
        var assembler = new Assembler(64);
        assemble(assembler);
        using var stream = new MemoryStream();
        assembler.Assemble(new StreamCodeWriter(stream), GuestMachine.Code);
        var guest = new GuestMachine();
        guest.Decode(stream.ToArray());
        return guest;
    }
}
