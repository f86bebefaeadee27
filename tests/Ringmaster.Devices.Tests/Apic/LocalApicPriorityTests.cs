using Ringmaster.Devices.Apic;

namespace Ringmaster.Devices.Tests.Apic;

public sealed class LocalApicPriorityTests
{
    // SDM 3A table 11-8 (PPR) and 11.6.2.4 (APR): in service, requested, TPR, then PPR and APR.
    [Theory]
    [InlineData(0, 0, 0x00, 0x00, 0x00)]
    [InlineData(0, 0, 0x35, 0x35, 0x35)]
    [InlineData(0x51, 0, 0x35, 0x50, 0x50)]
    [InlineData(0x51, 0, 0x65, 0x65, 0x65)]
    [InlineData(0x51, 0, 0x5A, 0x5A, 0x50)]
    [InlineData(0, 0x82, 0x35, 0x35, 0x80)]
    [InlineData(0x51, 0x82, 0x9F, 0x9F, 0x9F)]
    public void Priorities_follow_task_service_and_request(byte served, byte requested, byte tpr, uint ppr, uint apr)
    {
        var board = new ApicBoard();
        if (served != 0)
        {
            board.Interrupt(served);
            board.Acknowledge();
        }
        if (requested != 0)
            board.Interrupt(requested);

        board.Write(ApicBoard.Tpr, tpr);

        Assert.Equal(ppr, board.Read(ApicBoard.Ppr));
        Assert.Equal(apr, board.Read(ApicBoard.Apr));
    }

    [Theory]
    [InlineData(0x31, 0x00, true)]
    [InlineData(0x31, 0x20, true)]
    [InlineData(0x31, 0x2F, true)]
    [InlineData(0x31, 0x30, false)]
    [InlineData(0x3F, 0x30, false)]
    [InlineData(0xFF, 0xF0, false)]
    [InlineData(0x10, 0x00, true)]
    [InlineData(0x1F, 0x10, false)]
    public void A_request_is_deliverable_only_above_the_priority_class(byte vector, byte tpr, bool deliverable)
    {
        var board = new ApicBoard();
        board.Write(ApicBoard.Tpr, tpr);

        board.Interrupt(vector);

        Assert.Equal(deliverable, board.Apic.HasInterrupt);
        Assert.Equal(deliverable ? vector : null, board.Acknowledge());
        Assert.Equal(deliverable ? 1 : 0, board.Cpu.Pending);
    }

    [Fact]
    public void Interrupts_nest_by_class_and_complete_highest_first()
    {
        var board = new ApicBoard();
        board.Interrupt(0x41);
        Assert.Equal((byte)0x41, board.Acknowledge());
        board.Interrupt(0x48);
        Assert.Null(board.Acknowledge());
        board.Interrupt(0x92);
        Assert.Equal((byte)0x92, board.Acknowledge());
        Assert.Equal([0x41, 0x92], board.Vectors(ApicBoard.Isr));

        board.Write(ApicBoard.Eoi, 0);
        Assert.Equal([0x41], board.Vectors(ApicBoard.Isr));
        Assert.False(board.Apic.HasInterrupt);

        board.Write(ApicBoard.Eoi, 0);
        Assert.Equal((byte)0x48, board.Acknowledge());
    }

    [Fact]
    public void A_vector_in_service_can_be_requested_once_more()
    {
        var board = new ApicBoard();
        board.Interrupt(0x41);
        board.Acknowledge();
        board.Interrupt(0x41);
        board.Interrupt(0x41);

        Assert.Equal([0x41], board.Vectors(ApicBoard.Irr));
        board.Write(ApicBoard.Eoi, 0);
        Assert.Equal((byte)0x41, board.Acknowledge());
        board.Write(ApicBoard.Eoi, 0);
        Assert.Null(board.Acknowledge());
    }

    [Fact]
    public void Cr8_is_the_high_half_of_the_task_priority()
    {
        var board = new ApicBoard();
        board.Write(ApicBoard.Tpr, 0x5C);
        Assert.Equal(5, board.Apic.TaskPriority);

        board.Apic.TaskPriority = 0xA;
        Assert.Equal(0xA0u, board.Read(ApicBoard.Tpr));
    }

    [Fact]
    public void Lowering_the_task_priority_announces_a_waiting_interrupt()
    {
        var board = new ApicBoard();
        board.Apic.TaskPriority = 15;
        board.Interrupt(0x81);
        Assert.Equal(0, board.Cpu.Pending);

        board.Apic.TaskPriority = 7;

        Assert.Equal(1, board.Cpu.Pending);
        Assert.True(board.Apic.HasInterrupt);
    }

    [Fact]
    public void An_interrupt_masked_after_it_was_announced_gives_the_spurious_vector_once()
    {
        var board = new ApicBoard();
        board.Write(ApicBoard.Svr, 0x1EF);
        board.Interrupt(0x41);
        board.Apic.TaskPriority = 15;

        Assert.Equal((byte)0xEF, board.Acknowledge());
        Assert.Null(board.Acknowledge());
        Assert.Empty(board.Vectors(ApicBoard.Isr));
        Assert.Equal([0x41], board.Vectors(ApicBoard.Irr));
    }

    [Fact]
    public void After_an_external_interrupt_the_processor_still_knows_of_those_behind_it()
    {
        var board = new ApicBoard();
        board.Interrupt(0x50);
        board.Bus.Deliver(new ApicMessage(new ApicDestination(0, false), DeliveryMode.ExtInt, 0));
        Assert.Equal(board.PicVector, board.Acknowledge());

        // The request is masked between its announcement and its acknowledgment: a spurious interrupt (SDM 3A 11.9).
        board.Apic.TaskPriority = 15;

        Assert.Equal((byte?)0xFF, board.Acknowledge());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_8259_that_asks_during_a_reset_is_announced_after_it(bool byInit)
    {
        var board = new ApicBoard(features: new LocalApicFeatures { VirtualWireAtReset = true });
        board.Write(ApicBoard.LvtLint0, 0x1_0700);
        board.Apic.Lint0.Set(true);
        Assert.Equal(0, board.Cpu.Pending);

        if (byInit)
            board.Bus.Deliver(new ApicMessage(new ApicDestination(0, false), DeliveryMode.Init, 0));
        else
            board.Apic.Reset();

        Assert.True(board.Apic.HasInterrupt);
        Assert.Equal(1, board.Cpu.Pending);
    }
}
