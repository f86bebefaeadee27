using Ringmaster.Cpu.Kvm.State;
using Ringmaster.Cpu.Models;
using Ringmaster.Cpu.State;
using Ringmaster.Host.Kvm;

namespace Ringmaster.Cpu.Kvm.Tests;

public sealed class FormTests
{
    [Theory]
    [InlineData(0xA09B)]
    [InlineData(0xC0F3)]
    [InlineData(0x93)]
    [InlineData(0x508B)]
    public void A_segment_comes_back(int rights)
    {
        var segment = new Segment(0x18, 0xFFFF_8000_0000_1000, 0xABCDE, new SegmentAttributes((uint)rights));

        Assert.Equal(segment, segment.ToKvm().ToCanonical());
    }

    [Fact]
    public void A_null_selector_keeps_its_level_and_is_not_present()
    {
        var segment = new Segment(3, 0, 0, SegmentAttributes.Unusable.WithPrivilegeLevel(3));

        var there = segment.ToKvm();

        Assert.Equal((1, 0, 3), (there.Unusable, there.Present, there.Dpl));
        Assert.Equal(segment, there.ToCanonical());
    }

    public static TheoryData<PendingException?> Pending =>
    [
        null, new PendingException(14, 2, PendingExceptionKind.HardwareException), new PendingException(6, null, PendingExceptionKind.HardwareException),
        new PendingException(2, null, PendingExceptionKind.NonMaskableInterrupt), new PendingException(0x50, null, PendingExceptionKind.ExternalInterrupt),
        new PendingException(0x80, null, PendingExceptionKind.SoftwareInterrupt),
    ];

    [Theory]
    [MemberData(nameof(Pending))]
    public void What_waits_comes_back(PendingException? pending)
    {
        var (state, back) = (new CpuState { Pending = pending, StiShadow = true, NmiBlocked = true, NmiPending = true }, new CpuState());

        EventForm.ToCanonical(EventForm.ToKvm(state), back);

        Assert.Equal(pending, back.Pending);
        Assert.Equal((true, false, true, true), (back.StiShadow, back.MovSsShadow, back.NmiBlocked, back.NmiPending));
    }

    [Fact]
    public void General_registers_have_the_kernels_order()
    {
        string[] kernel = ["RAX", "RBX", "RCX", "RDX", "RSI", "RDI", "RSP", "RBP", "R8"];
        string[] canonical = ["RAX", "RCX", "RDX", "RBX", "RSP", "RBP", "RSI", "RDI", "R8"];

        for (var i = 0; i < kernel.Length; i++)
            Assert.Equal(kernel[i], canonical[GeneralOrder.EncodingAt(i)]);
        Assert.Equal(15, GeneralOrder.EncodingAt(15));
    }

    [Fact]
    public void Leaves_that_look_at_ECX_say_so()
    {
        var table = new CpuidTable(new Dictionary<(uint, uint), CpuidResult>
        {
            [(1, 0)] = new(1, 2, 3, 4), [(7, 0)] = new(1, 5, 6, 7), [(7, 1)] = new(8, 0, 0, 0),
        });

        var entries = CpuidForm.ToKvm(table);

        Assert.Equal([(1u, 0u, 0u, 2u), (7u, 0u, KvmCpuidEntry.HasSubleaves, 5u), (7u, 1u, KvmCpuidEntry.HasSubleaves, 0u)],
            entries.Select(e => (e.Leaf, e.Subleaf, e.Flags, e.Ebx)));
    }
}
