using Ringmaster.Devices.Chipset.RealTimeClock;
using Ringmaster.Devices.Clock;
using Ringmaster.Devices.Interrupts;
using Ringmaster.Devices.Tests.Bus;

namespace Ringmaster.Devices.Tests.Chipset;

public sealed class Mc146818Tests
{
    private const int A = 0x0A, B = 0x0B, C = 0x0C, D = 0x0D;
    private const long Second = 1_000_000_000;

    private readonly ManualVmClock _clock = new(new DateTimeOffset(2024, 2, 28, 23, 59, 57, TimeSpan.Zero));
    private readonly InterruptLine _line;
    private readonly Mc146818 _rtc;
    private readonly GuestPorts _ports;
    private int _interrupts;

    public Mc146818Tests()
    {
        _line = new InterruptLine(level => _interrupts += level ? 1 : 0);
        var cells = new byte[64];
        cells[0x15] = 0x80;
        cells[0x16] = 0x02;
        _rtc = new Mc146818(_clock, _line, cells);
        _ports = new GuestPorts(_rtc);
    }

    [Theory]
    [InlineData(0x02, new[] { 0x57, 0x59, 0x23, 0x04, 0x28, 0x02, 0x24, 0x20 })]
    [InlineData(0x06, new[] { 57, 59, 23, 4, 28, 2, 24, 20 })]
    [InlineData(0x00, new[] { 0x57, 0x59, 0x91, 0x04, 0x28, 0x02, 0x24, 0x20 })]
    [InlineData(0x04, new[] { 57, 59, 0x80 | 11, 4, 28, 2, 24, 20 })]
    public void The_time_is_told_in_the_chosen_format(int format, int[] expected)
    {
        Write(B, format);

        Assert.Equal(expected, ReadTime());
    }

    [Fact]
    public void Time_runs_into_a_leap_day()
    {
        _clock.Advance(4 * Second);

        Assert.Equal([0x01, 0x00, 0x00, 0x05, 0x29, 0x02, 0x24, 0x20], ReadTime());
    }

    [Theory]
    [InlineData(0x02, new[] { 0x30, 0x15, 0x12, 0x01, 0x31, 0x12, 0x99, 0x19 })]
    [InlineData(0x00, new[] { 0x30, 0x15, 0x12, 0x01, 0x31, 0x12, 0x99, 0x19 })]
    [InlineData(0x04, new[] { 30, 15, 0x8C, 1, 31, 12, 99, 19 })]
    public void A_time_that_the_guest_sets_runs_on_from_there(int format, int[] time)
    {
        Write(B, 0x80 | format);
        WriteTime(time);
        _clock.Advance(5 * Second);
        Assert.Equal(time, ReadTime());

        Write(B, format);
        _clock.Advance(2 * Second);

        time[0] += 2;
        Assert.Equal(time, ReadTime());
    }

    [Fact]
    public void A_register_of_the_running_time_can_be_written_alone()
    {
        Write(0x04, 0x08);

        Assert.Equal(0x08, Read(0x04));
        Assert.Equal(0x59, Read(0x02));
    }

    [Fact]
    public void Nonsense_in_time_registers_becomes_the_nearest_date()
    {
        Write(B, 0x82);
        WriteTime([0x99, 0xFF, 0x77, 0x00, 0x31, 0x02, 0x23, 0x20]);
        Write(B, 0x02);

        Assert.Equal([0x59, 0x59, 0x23, 0x28, 0x02, 0x23, 0x20], ReadTime().Where((_, i) => i != 3));
    }

    [Fact]
    public void An_update_is_announced_244_us_before_it_begins()
    {
        _clock.Advance(Second - 2_228_000 - 1000);
        Assert.Equal(0, Read(A) & 0x80);

        _clock.Advance(1000);
        Assert.Equal(0x80, Read(A) & 0x80);
        Assert.Equal(0x57, Read(0));

        _clock.Advance(2_228_000);
        Assert.Equal(0, Read(A) & 0x80);
        Assert.Equal(0x58, Read(0));
    }

    [Fact]
    public void No_update_happens_while_the_time_is_being_set()
    {
        Write(B, 0x82);

        _clock.Advance(Second - 1_000_000);

        Assert.Equal(0, Read(A) & 0x80);
    }

    [Fact]
    public void After_a_divider_reset_the_first_second_ends_after_half_a_second()
    {
        _clock.Advance(Second / 5);
        Write(A, 0x66);
        _clock.Advance(3 * Second);
        Write(A, 0x26);

        _clock.Advance((Second / 2) - 1000);
        Assert.Equal(0x57, Read(0));
        _clock.Advance(1000);

        Assert.Equal(0x58, Read(0));
    }

    [Theory]
    [InlineData(1, 256)]
    [InlineData(2, 128)]
    [InlineData(3, 8192)]
    [InlineData(6, 1024)]
    [InlineData(15, 2)]
    public void Periodic_interrupts_come_at_the_rate_of_register_A(int rate, int perSecond)
    {
        Write(A, 0x20 | rate);
        Write(B, 0x42);
        Read(C);
        var count = 0;
        var end = _clock.Now + (2 * Second);
        while (_clock.NextDeadline is { } next && next <= end)
        {
            _clock.Advance(next - _clock.Now);
            Assert.True(_line.IsAsserted);
            Assert.Equal(0xC0, Read(C) & 0xC0);
            Assert.False(_line.IsAsserted);
            count++;
        }

        Assert.Equal(2 * perSecond, count);
    }

    [Fact]
    public void An_interrupt_waits_for_register_C_to_be_read()
    {
        Write(B, 0x42);

        _clock.Advance(Second / 2);

        Assert.Equal(1, _interrupts);
        Assert.Equal(0xC0, Read(C));
        Assert.Equal(0, Read(C));
    }

    [Fact]
    public void Flags_are_set_without_their_interrupts_and_without_a_timer()
    {
        Read(C);
        _clock.Advance(Second);

        Assert.Null(_clock.NextDeadline);
        Assert.Equal(0x50, Read(C));
        Assert.False(_line.IsAsserted);
    }

    [Fact]
    public void Update_ended_interrupts_come_with_each_new_second()
    {
        Write(B, 0x12);

        _clock.Advance(Second - 1);
        Assert.False(_line.IsAsserted);
        _clock.Advance(1);

        Assert.True(_line.IsAsserted);
        Assert.Equal(0x90, Read(C) & 0x90);
    }

    [Fact]
    public void Starting_to_set_the_time_takes_the_update_interrupt_back()
    {
        Write(B, 0x12);
        Write(B, 0x92);
        Write(B, Read(B) & 0x7F);

        Assert.Equal(0x02, Read(B));
    }

    [Theory]
    [InlineData(0x23, 0x59, 0x59, 2)]
    [InlineData(0x00, 0x00, 0x05, 8)]
    [InlineData(0xFF, 0xFF, 0x10, 13)]
    [InlineData(0xC0, 0x01, 0xC0, 63)]
    [InlineData(0x23, 0x59, 0x57, 86_400)]
    [InlineData(0x12, 0x00, 0x00, 43_203)]
    public void An_alarm_goes_off_when_time_matches_where_it_cares(int hours, int minutes, int seconds, int after)
    {
        Write(5, hours);
        Write(3, minutes);
        Write(1, seconds);
        Write(B, 0x22);

        _clock.Advance((after * Second) - 1);
        Assert.False(_line.IsAsserted);
        _clock.Advance(1);

        Assert.True(_line.IsAsserted);
        Assert.Equal(0xA0, Read(C) & 0xA0);
    }

    [Fact]
    public void An_alarm_at_no_time_of_day_never_goes_off()
    {
        Write(5, 0x25);
        Write(B, 0x22);

        _clock.Advance(2 * 86_400 * Second);

        Assert.Equal(0, _interrupts);
    }

    [Fact]
    public void Memory_keeps_its_first_contents_and_what_is_written()
    {
        Write(0x7F, 0xAB);

        Assert.Equal(0x80, Read(0x15));
        Assert.Equal(0x02, Read(0x16));
        Assert.Equal(0xAB, Read(0x7F));
        Assert.Equal(0x80, Read(D));
    }

    [Fact]
    public void A_reset_disables_interrupts_but_keeps_time_and_memory()
    {
        Write(0x0F, 0x05);
        Write(0x04, 0x08);
        Write(B, 0x42);
        _clock.Advance(Second);
        Assert.True(_line.IsAsserted);

        _rtc.Reset();

        Assert.False(_line.IsAsserted);
        Assert.Equal(0x02, Read(B));
        Assert.Equal(0x05, Read(0x0F));
        Assert.Equal(0x08, Read(0x04));
    }

    [Fact]
    public void Bit_7_of_the_index_masks_the_NMI()
    {
        _ports.Out(0x70, 0x8A);

        Assert.True(_rtc.NmiMasked);
        Assert.Equal(0x26, _ports.In(0x71));
    }

    private static int[] TimeRegisters => [0, 2, 4, 6, 7, 8, 9, 0x32];

    private int[] ReadTime() => [.. TimeRegisters.Select(Read)];

    private void WriteTime(int[] values)
    {
        foreach (var (register, value) in TimeRegisters.Zip(values))
            Write(register, value);
    }

    private int Read(int register)
    {
        _ports.Out(0x70, register);
        return _ports.In(0x71);
    }

    private void Write(int register, int value)
    {
        _ports.Out(0x70, register);
        _ports.Out(0x71, value);
    }
}
