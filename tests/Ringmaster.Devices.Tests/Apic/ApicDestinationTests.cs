using Ringmaster.Devices.Apic;

namespace Ringmaster.Devices.Tests.Apic;

public sealed class ApicDestinationTests
{
    [Theory]
    [InlineData(0x0000_0041u, 0x02u, "2")]
    [InlineData(0x0000_0041u, 0xFFu, "0,1,2,3")]
    [InlineData(0x0000_0041u, 0x09u, "")]
    [InlineData(0x0004_0041u, 0x02u, "1")]
    [InlineData(0x0008_0041u, 0x02u, "0,1,2,3")]
    [InlineData(0x000C_0041u, 0x02u, "0,2,3")]
    [InlineData(0x0000_0841u, 0x05u, "0,2")]
    [InlineData(0x0000_0841u, 0xFFu, "0,1,2,3")]
    [InlineData(0x0000_0341u, 0xFFu, "")]
    public void Commands_reach_their_destinations(uint command, uint destination, string receivers)
    {
        var board = new ApicBoard(4);
        for (var i = 0; i < 4; i++)
            board.Write(i, ApicBoard.Ldr, 1u << (24 + i));

        board.Write(1, ApicBoard.IcrHigh, destination << 24);
        board.Write(1, ApicBoard.IcrLow, command);

        Assert.Equal(receivers, string.Join(',', board.Receivers(0x41)));
        Assert.Equal(command, board.Read(1, ApicBoard.IcrLow));
    }

    [Theory]
    [InlineData(0x13u, "0,1")]
    [InlineData(0x11u, "0")]
    [InlineData(0x23u, "2,3")]
    [InlineData(0x33u, "")]
    [InlineData(0xFFu, "0,1,2,3")]
    public void Cluster_destinations_match_cluster_and_member(uint destination, string receivers)
    {
        var board = new ApicBoard(4);
        uint[] logical = [0x11, 0x12, 0x21, 0x22];
        for (var i = 0; i < 4; i++)
        {
            board.Write(i, ApicBoard.Dfr, 0);
            board.Write(i, ApicBoard.Ldr, logical[i] << 24);
        }
        board.Bus.Deliver(new ApicMessage(new ApicDestination(destination, true), DeliveryMode.Fixed, 0x41));
        Assert.Equal(receivers, string.Join(',', board.Receivers(0x41)));
    }

    [Theory]
    [InlineData(0x0000_0041_0000_0041UL, "1")]
    [InlineData(0x0000_00FF_0000_0041UL, "")]
    [InlineData(0xFFFF_FFFF_0000_0041UL, "0,1,2")]
    [InlineData(0x0004_0003_0000_0841UL, "0,1")]
    [InlineData(0x0005_0003_0000_0841UL, "")]
    public void X2apic_destinations_have_32_bits(ulong command, string receivers)
    {
        var board = new ApicBoard(3, firstId: 0x40);
        for (var i = 0; i < 3; i++)
            board.EnableX2Apic(i);
        Assert.True(board.Apics[2].TryWriteMsr(0x830, command));
        var got = Enumerable.Range(0, 3).Where(i => board.Acknowledge(i) == 0x41);
        Assert.Equal(receivers, string.Join(',', got));
    }

    [Theory]
    [InlineData(0x0000_0400u, "nmi")]
    [InlineData(0x0000_0200u, "smi")]
    [InlineData(0x0000_4500u, "init")]
    [InlineData(0x0000_0500u, "init")]
    [InlineData(0x0000_C500u, "init")]
    [InlineData(0x0000_8500u, "")]
    [InlineData(0x0000_4608u, "startup 08")]
    [InlineData(0x0000_4700u, "")]
    [InlineData(0x0000_4300u, "")]
    public void Special_commands_reach_the_processor(uint command, string events)
    {
        var board = new ApicBoard(2);
        board.Write(ApicBoard.IcrHigh, 1u << 24);
        board.Write(ApicBoard.IcrLow, command);
        Assert.Equal(events, string.Join(',', board.Cpus[1].Events));
        Assert.Empty(board.Cpu.Events);
    }

    [Fact]
    public void Init_and_startup_by_shorthand_leave_the_sender_alone()
    {
        var board = new ApicBoard(3);
        board.Write(ApicBoard.IcrLow, 0x000C_4500);
        board.Write(ApicBoard.IcrLow, 0x000C_4612);
        board.Write(ApicBoard.IcrLow, 0x0004_4500);
        Assert.Empty(board.Cpu.Events);
        Assert.Equal(["init", "startup 12"], board.Cpus[1].Events);
        Assert.Equal(["init", "startup 12"], board.Cpus[2].Events);
    }

    [Fact]
    public void Lowest_priority_goes_to_the_least_busy_enabled_apic_alone()
    {
        var board = new ApicBoard(4);
        uint[] priorities = [0x80, 0x30, 0x50, 0x00];
        for (var i = 0; i < 4; i++)
        {
            board.Write(i, ApicBoard.Tpr, priorities[i]);
            board.Write(i, ApicBoard.Ldr, 1u << (24 + i));
        }
        board.Write(3, ApicBoard.Svr, 0xFF);
        var message = new ApicMessage(new ApicDestination(0x0F, true), DeliveryMode.LowestPriority, 0x91);

        Assert.True(board.Bus.Deliver(message));

        Assert.Equal([1], board.Receivers(0x91));
    }

    [Fact]
    public void Equal_candidates_share_different_vectors()
    {
        var board = new ApicBoard(2);
        for (var i = 0; i < 2; i++)
            board.Write(i, ApicBoard.Ldr, 1u << (24 + i));
        foreach (byte vector in new byte[] { 0x40, 0x41 })
        {
            board.Bus.Deliver(new ApicMessage(new ApicDestination(3, true), DeliveryMode.LowestPriority, vector));
            for (var i = 0; i < 2; i++)
            {
                if (board.Acknowledge(i) is { } got)
                {
                    Assert.Equal(vector, got);
                    Assert.Equal(vector & 1, i);
                    board.Write(i, ApicBoard.Eoi, 0);
                }
            }
        }
        Assert.Equal(1, board.Cpus[0].Pending);
        Assert.Equal(1, board.Cpus[1].Pending);
    }

    [Theory]
    [InlineData(0xFEE0_1000UL, 0x0000_0041u, "1")]
    [InlineData(0xFEEF_F000UL, 0x0000_0041u, "0,1,2,3")]
    [InlineData(0xFEE0_6004UL, 0x0000_0041u, "1,2")]
    [InlineData(0xFEE0_600CUL, 0x0000_0041u, "2")]
    [InlineData(0xFEE0_1000UL, 0x0000_C041u, "1")]
    [InlineData(0xFEE0_1000UL, 0x0000_8041u, "")]
    [InlineData(0xFED0_1000UL, 0x0000_0041u, "")]
    [InlineData(0xFEE0_1000UL, 0x0000_0641u, "")]
    [InlineData(0x1_FEE0_1000UL, 0x0000_0041u, "")]
    [InlineData(0xFEE0_1020UL, 0x0000_0041u, "")]
    public void Msis_are_decoded(ulong address, uint data, string receivers)
    {
        var board = new ApicBoard(4);
        for (var i = 0; i < 4; i++)
            board.Write(i, ApicBoard.Ldr, 1u << (24 + i));
        var accepted = board.Bus.DeliverMsi(address, data);
        Assert.Equal(receivers, string.Join(',', board.Receivers(0x41)));
        Assert.Equal(receivers.Length != 0, accepted);
    }

    [Fact]
    public void Extended_msi_destinations_reach_ids_above_255()
    {
        var board = new ApicBoard(2, firstId: 0x123);
        board.EnableX2Apic(0);
        board.EnableX2Apic(1);
        Assert.True(board.Bus.DeliverMsi(0xFEE0_0000 | (0x24 << 12) | (1 << 5), 0x41));
        Assert.Null(board.Acknowledge(0));
        Assert.Equal((byte)0x41, board.Acknowledge(1));
    }
}
