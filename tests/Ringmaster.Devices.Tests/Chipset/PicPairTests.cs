using Ringmaster.Devices.Chipset.InterruptController;
using Ringmaster.Devices.Interrupts;
using Ringmaster.Devices.Tests.Bus;

namespace Ringmaster.Devices.Tests.Chipset;

public sealed class PicPairTests
{
    private const int NonSpecificEoi = 0x20, ReadRequests = 0x0A, ReadInService = 0x0B;

    private readonly InterruptLine _output = new(_ => { });
    private readonly PicPair _pic;
    private readonly GuestPorts _ports;

    public PicPairTests()
    {
        _pic = new PicPair(_output);
        _ports = new GuestPorts(_pic);
    }

    [Fact]
    public void Masks_can_be_probed_before_initialization_and_nothing_interrupts()
    {
        _ports.Out(0x21, 0xFB);
        _ports.Out(0xA1, 0x5A);
        _pic.Input(0).Set(true);

        Assert.Equal(0xFB, _ports.In(0x21));
        Assert.Equal(0x5A, _ports.In(0xA1));
        Assert.False(_output.IsAsserted);
    }

    [Theory]
    [InlineData(0, 0x20)]
    [InlineData(1, 0x21)]
    [InlineData(7, 0x27)]
    [InlineData(8, 0x70)]
    [InlineData(12, 0x74)]
    [InlineData(15, 0x77)]
    public void Each_input_raises_the_output_and_is_acknowledged_with_its_vector(int irq, int vector)
    {
        Initialize();

        _pic.Input(irq).Set(true);

        Assert.True(_output.IsAsserted);
        Assert.Equal(vector, _pic.Acknowledge());
        Assert.False(_output.IsAsserted);
    }

    [Fact]
    public void The_most_urgent_request_wins_and_blocks_lesser_ones_until_its_end()
    {
        Initialize();
        _pic.Input(4).Set(true);
        _pic.Input(1).Set(true);

        Assert.Equal(0x21, _pic.Acknowledge());
        Assert.False(_output.IsAsserted);
        _ports.Out(0x20, NonSpecificEoi);

        Assert.True(_output.IsAsserted);
        Assert.Equal(0x24, _pic.Acknowledge());
    }

    [Fact]
    public void A_more_urgent_request_interrupts_one_in_service()
    {
        Initialize();
        _pic.Input(4).Set(true);
        _pic.Acknowledge();

        _pic.Input(0).Set(true);

        Assert.Equal(0x20, _pic.Acknowledge());
        _ports.Out(0x20, ReadInService);
        Assert.Equal(0x11, _ports.In(0x20));
        _ports.Out(0x20, NonSpecificEoi);
        Assert.Equal(0x10, _ports.In(0x20));
    }

    [Fact]
    public void An_edge_makes_one_interrupt_however_long_the_line_stays_up()
    {
        Initialize();
        _pic.Input(3).Set(true);
        _pic.Acknowledge();
        _ports.Out(0x20, NonSpecificEoi);
        Assert.False(_output.IsAsserted);

        _pic.Input(3).Set(false);
        _pic.Input(3).Set(true);

        Assert.True(_output.IsAsserted);
    }

    [Fact]
    public void A_level_interrupts_again_while_the_line_stays_up()
    {
        Initialize();
        _ports.Out(0x4D0, 0xFF);
        _ports.Out(0x4D1, 0xFF);
        Assert.Equal(0xF8, _ports.In(0x4D0));
        Assert.Equal(0xDE, _ports.In(0x4D1));

        _pic.Input(11).Set(true);
        Assert.Equal(0x73, _pic.Acknowledge());
        EndSlave();
        Assert.True(_output.IsAsserted);
        Assert.Equal(0x73, _pic.Acknowledge());
        _pic.Input(11).Set(false);
        EndSlave();

        Assert.False(_output.IsAsserted);
    }

    [Theory]
    [InlineData(3, 0x27, 0)]
    [InlineData(10, 0x77, 4)]
    public void A_request_withdrawn_before_its_acknowledgement_is_spurious(int irq, int vector, int masterInService)
    {
        Initialize();
        _pic.Input(irq).Set(true);
        _pic.Input(irq).Set(false);

        Assert.Equal(vector, _pic.Acknowledge());

        // Only the cascade of a spurious IRQ 15 is in service, so the guest ends it at the master alone.
        _ports.Out(0x20, ReadInService);
        _ports.Out(0xA0, ReadInService);
        Assert.Equal(masterInService, _ports.In(0x20));
        Assert.Equal(0, _ports.In(0xA0));
    }

    [Fact]
    public void The_cascade_blocks_lesser_master_inputs_but_not_more_urgent_slave_inputs_if_specially_nested()
    {
        Initialize(masterIcw4: 0x11);
        _pic.Input(12).Set(true);
        Assert.Equal(0x74, _pic.Acknowledge());

        _pic.Input(5).Set(true);
        Assert.False(_output.IsAsserted);
        _pic.Input(9).Set(true);

        Assert.Equal(0x71, _pic.Acknowledge());
    }

    [Fact]
    public void Without_special_nesting_a_slave_input_waits_for_the_master_to_end_the_cascade()
    {
        Initialize();
        _pic.Input(12).Set(true);
        _pic.Acknowledge();
        _pic.Input(9).Set(true);
        Assert.False(_output.IsAsserted);

        _ports.Out(0x20, NonSpecificEoi);

        Assert.Equal(0x71, _pic.Acknowledge());
    }

    [Fact]
    public void Automatic_end_leaves_nothing_in_service()
    {
        Initialize(masterIcw4: 0x03);
        _pic.Input(5).Set(true);
        _pic.Input(6).Set(true);

        Assert.Equal(0x25, _pic.Acknowledge());
        Assert.Equal(0x26, _pic.Acknowledge());
        _ports.Out(0x20, ReadInService);
        Assert.Equal(0, _ports.In(0x20));
    }

    [Theory]
    [InlineData(0x80, 0x03, 0, 0x24)]
    [InlineData(0x00, 0x03, 0, 0x23)]
    [InlineData(0xC3, 0x01, NonSpecificEoi, 0x24)]
    [InlineData(0x00, 0x01, 0xA0, 0x24)]
    [InlineData(0x00, 0x01, 0xE3, 0x24)]
    [InlineData(0x00, 0x01, 0x63, 0x23)]
    [InlineData(0x00, 0x01, NonSpecificEoi, 0x23)]
    public void Rotation_puts_a_served_input_last(int before, int icw4, int end, int next)
    {
        Initialize(masterIcw4: icw4);
        _ports.Out(0x20, before);
        _pic.Input(3).Set(true);
        Assert.Equal(0x23, _pic.Acknowledge());
        if (end != 0)
            _ports.Out(0x20, end);

        _pic.Input(3).Set(false);
        _pic.Input(3).Set(true);
        _pic.Input(4).Set(true);

        Assert.Equal(next, _pic.Acknowledge());
    }

    [Fact]
    public void Special_mask_mode_lets_lesser_inputs_through_a_masked_one_in_service()
    {
        Initialize();
        _pic.Input(1).Set(true);
        _pic.Acknowledge();
        _pic.Input(6).Set(true);
        Assert.False(_output.IsAsserted);

        _ports.Out(0x21, 0x02);
        _ports.Out(0x20, 0x68);
        Assert.True(_output.IsAsserted);
        Assert.Equal(0x26, _pic.Acknowledge());

        // A non-specific end passes over the masked input.
        _ports.Out(0x20, NonSpecificEoi);
        _ports.Out(0x20, ReadInService);
        Assert.Equal(0x02, _ports.In(0x20));
    }

    [Fact]
    public void A_poll_acknowledges_by_reading()
    {
        Initialize();
        _pic.Input(6).Set(true);

        _ports.Out(0x20, 0x0C);
        Assert.Equal(0x86, _ports.In(0x20));

        _ports.Out(0x20, ReadInService);
        Assert.Equal(0x40, _ports.In(0x20));
        Assert.False(_output.IsAsserted);
        _ports.Out(0x20, 0x0C);
        Assert.Equal(0, _ports.In(0x20) & 0x80);
    }

    [Fact]
    public void Masked_inputs_keep_their_requests()
    {
        Initialize();
        _ports.Out(0x21, 0xFF);
        _pic.Input(4).Set(true);
        Assert.False(_output.IsAsserted);
        _ports.Out(0x20, ReadRequests);
        Assert.Equal(0x10, _ports.In(0x20));

        _ports.Out(0x21, 0xEF);

        Assert.True(_output.IsAsserted);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    [InlineData(16)]
    public void There_is_no_line_to_the_cascade_nor_beyond(int irq) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _pic.Input(irq));

    private void Initialize(int masterIcw4 = 0x01)
    {
        int[][] words = [[0x20, 0x11], [0x21, 0x20], [0x21, 0x04], [0x21, masterIcw4], [0xA0, 0x11], [0xA1, 0x70], [0xA1, 0x02], [0xA1, 0x01]];
        foreach (var word in words)
            _ports.Out(word[0], word[1]);
    }

    private void EndSlave()
    {
        _ports.Out(0xA0, NonSpecificEoi);
        _ports.Out(0x20, NonSpecificEoi);
    }
}
